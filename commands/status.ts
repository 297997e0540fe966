import { statusMessage } from '../src/cards/status.ts';
import { defineCommand } from '../src/core/command.ts';

export const status = defineCommand({
  name: 'status',
  group: 'The queue',
  summary: 'Running, waiting and recently finished jobs',
  examples: ['status'],
  options: {},
  services: ['status'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  run: (_options, { services }) => services.status(),
  view: statusMessage,
});
