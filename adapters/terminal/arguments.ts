import { parseArgs } from 'node:util';
import type { CommandDeclaration } from '../../src/core/command-declaration.ts';
import { commandAtStart } from '../../src/core/command-names.ts';
import { BotError, errorText } from '../../src/core/errors.ts';
import { closest } from '../../src/core/nearest.ts';

export interface TerminalArguments {
  /** The command and its words; flags as `name=value`. */
  argv: string[];
  json: boolean;
  yes: boolean;
}

/**
 * Splits a shell's arguments: `--json`, `--yes`, and a flag for each of the command's declared options
 * (`--lines 50` says the same as `lines=50`). The `/xax` of a chat may stand before them. Error `bad-option`.
 */
export function terminalArguments(
  given: readonly string[],
  commands: readonly CommandDeclaration[],
): TerminalArguments {
  const args = given[0] === '/xax' ? given.slice(1) : given;
  const names = args.filter((arg) => !arg.startsWith('-')).slice(0, 2);
  const named = commandAtStart(names, commands);
  const name = named?.command.name ?? names[0];
  const specs = named?.command.options ?? {};
  const flags = Object.fromEntries(
    Object.entries(specs).map(([option, { type }]) => [
      option,
      { type: type === 'boolean' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const own = {
    json: { type: 'boolean' },
    yes: { type: 'boolean', short: 'y' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...flags, ...own },
      allowPositionals: true,
    });
    const { json = false, yes = false, help = false, ...flagged } = values;
    const named = Object.entries(flagged).map(([option, value]) => `${option}=${value}`);
    const argv = help ? ['help', ...(name === undefined ? [] : [name])] : [...positionals, ...named];
    return { argv, json: json === true, yes: yes === true };
  } catch (error) {
    const help = name ? `See "xaxbot help ${name}".` : 'See "xaxbot help".';
    const unknown = /^Unknown option '(-[^']*)'/.exec(errorText(error));
    if (!unknown) throw new BotError('bad-option', errorText(error), help);
    const near = closest(unknown[1]!.replace(/^-+/, ''), [...Object.keys(flags), ...Object.keys(own)]);
    const instead = near ? `Did you mean --${near}?` : 'A value that starts with "-" goes after "--".';
    throw new BotError('bad-option', `${unknown[0]}.`, `${instead} ${help}`);
  }
}
