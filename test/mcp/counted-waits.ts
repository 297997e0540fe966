import { COMMANDS } from '../../commands/index.ts';
import type { Command } from '../../src/core/command.ts';

/** The bot's commands, and how many wait in the bot at the time. */
export function countedWaits(): { commands: Command[]; waiting(): number } {
  let waiting = 0;
  const commands = COMMANDS.map((command): Command => {
    if (command.name !== 'wait') return command;
    return {
      ...command,
      async run(...given) {
        waiting += 1;
        try {
          return await command.run(...given);
        } finally {
          waiting -= 1;
        }
      },
    };
  });
  return { commands, waiting: () => waiting };
}
