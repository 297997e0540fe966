import type { CommandDeclaration } from '../../src/core/command-declaration.ts';
import { commandAtStart } from '../../src/core/command-names.ts';
import { BotError } from '../../src/core/errors.ts';
import { type TerminalArguments, terminalArguments } from './arguments.ts';

/** Goes on beside the bot: it asks again and again, by itself. */
const AWAITED = 'wait';

/**
 * A shell's line as the running bot reads it, so that whoever typed it needs to know no command; null where they have to read it
 * themselves: it is wrong or of no command here, goes on by itself, or names a folder by where they stand.
 */
export function typedLine(
  args: readonly string[],
  commands: readonly CommandDeclaration[],
): TerminalArguments | null {
  try {
    const line = terminalArguments(args, commands);
    const named = commandAtStart(line.argv.slice(0, 2), commands)?.command;
    if (!named || named.name === AWAITED || line.watchMs !== null || line.follow) return null;
    const options = Object.values(named.options ?? {});
    return options.some((spec) => spec.type === 'text' && spec.isFolder) ? null : line;
  } catch (error) {
    if (error instanceof BotError) return null;
    throw error;
  }
}
