import { defineCommand } from '../src/core/command.ts';
import type { Text } from '../src/core/message.ts';
import { withMoments } from '../src/core/moments.ts';

export const health = defineCommand({
  name: 'health',
  group: 'The host',
  summary: 'What works and what does not',
  examples: ['health'],
  options: {},
  services: ['health'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  run: async (_options, { services }) => ({ items: services.health() }),
  view({ items }) {
    const rows = items.map(({ name, ok, detail }): Text[] => [
      name,
      ok ? 'ok' : { bold: 'problem' },
      withMoments(detail),
    ]);
    const tone = items.every(({ ok }) => ok) ? 'good' : 'warning';
    return { tone, blocks: [{ kind: 'table', columns: ['part', 'state', 'detail'], rows }] };
  },
  succeeded: ({ items }) => items.every(({ ok }) => ok),
});
