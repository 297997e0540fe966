import { digestMessage } from '../src/cards/digest.ts';
import { defineCommand } from '../src/core/command.ts';

export const digest = defineCommand({
  name: 'digest',
  group: 'Experiments',
  summary: 'The last day or week: what ran, what was learnt, what failed, what is next',
  examples: ['digest', 'digest week'],
  options: { period: { type: 'choice', choices: ['day', 'week'], description: 'day (default) or week' } },
  services: ['session', 'rows', 'results', 'dismissals', 'verdicts', 'digests'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  working: 'Looking through the runs',
  run: ({ period = 'day' }, { services }) => services.digests.make(period, services),
  view: digestMessage,
});
