import { defineCommand } from '../src/core/command.ts';
import { shellCommand } from '../src/core/shell-command.ts';
import { bytesText } from '../src/core/units.ts';

export const backup = defineCommand({
  name: 'backup',
  group: 'The host',
  summary: "Back up the bot's database now",
  examples: ['backup'],
  options: {},
  services: ['backups'],
  role: 'admin',
  visibility: 'private',
  changes: true,
  working: 'Backing up the database',
  repeatable: true,
  agents: 'never',
  run: async (_options, { reply, services }) => {
    reply.howFar(services.backups.howFar);
    return services.backups.make();
  },
  view: ({ path, bytes }) => ({
    tone: 'good',
    blocks: [
      {
        kind: 'text',
        text: [
          'The database is backed up and checked: ',
          { code: path },
          ` (${bytesText(bytes)}). To go back to it, stop the bot and run `,
          { code: shellCommand('restore') },
          '.',
        ],
      },
    ],
  }),
});
