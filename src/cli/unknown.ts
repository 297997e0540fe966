import { COMMANDS } from '../../commands/index.ts';
import { commandAtStart, unknownCommand } from '../core/command-names.ts';
import { SUBCOMMANDS } from './subcommands.ts';

/** What may stand first on a line. */
export function namesOfAll(): string[] {
  return [...SUBCOMMANDS, ...COMMANDS].map(({ name }) => name);
}

/** Error `unknown-command` where a line begins with no command: no bot is asked, which may not be there, and knows nothing of the subcommands. */
export function mustBeCommand(argv: readonly string[]): void {
  if (!commandAtStart(argv.slice(0, 2), COMMANDS)) throw unknownCommand(argv[0] ?? '', namesOfAll());
}
