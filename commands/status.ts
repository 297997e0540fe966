import { statusMessage } from '../src/cards/status.ts';
import { defineCommand } from '../src/core/command.ts';

export const status = defineCommand({
  name: 'status',
  group: 'The queue',
  summary: 'What runs, what waits and what ended last',
  examples: ['status'],
  options: {},
  services: ['status'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  run: (_options, { services }) => services.status(),
  view: statusMessage,
});
