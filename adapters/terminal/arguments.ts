import { parseArgs } from 'node:util';
import type { CommandDeclaration } from '../../src/core/command-declaration.ts';
import { commandAtStart } from '../../src/core/command-names.ts';
import { BotError, errorText } from '../../src/core/errors.ts';
import { closest } from '../../src/core/nearest.ts';
import { shellCommand } from '../../src/core/shell-command.ts';
import { type TERMINAL_FLAGS, terminalFlags } from './flags.ts';
import { withWholePaths } from './folders.ts';

/** How often something is shown anew at least, seconds: what --interval takes, and what it is without. */
const INTERVAL = { min: 1, max: 3_600, usual: 2 };

export interface TerminalArguments {
  /** The command and its words; flags as `name=value`. */
  argv: string[];
  json: boolean;
  yes: boolean;
  /** Show it anew whenever something changes, and every so many milliseconds; null: once. */
  watchMs: number | null;
  follow: boolean;
  pager: boolean;
}

/**
 * Splits a shell's arguments: the flags that only a terminal has, and one for each of the command's declared options
 * (`--lines 50` says the same as `lines=50`). The `/xax` of a chat may stand before them. Error `bad-option`.
 */
export function terminalArguments(
  given: readonly string[],
  commands: readonly CommandDeclaration[],
  cwd = process.cwd(),
): TerminalArguments {
  const args = (given[0] === '/xax' ? given.slice(1) : given).flatMap(withInterval);
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
  const own = Object.fromEntries(
    Object.entries(terminalFlags(named?.command)).map(([flag, { value, short }]) => [
      flag,
      { type: value ? ('string' as const) : ('boolean' as const), ...(short ? { short } : {}) },
    ]),
  );
  const asksHelp = { help: { type: 'boolean', short: 'h' } } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...flags, ...own, ...asksHelp },
      allowPositionals: true,
    });
    const { help = false, ...others } = values as Record<string, string | boolean>;
    const flagged = Object.entries(others).filter(([flag]) => !Object.hasOwn(own, flag));
    const words = flagged.map(([option, value]) => `${option}=${value}`);
    const argv = help
      ? ['help', ...(name === undefined ? [] : [name])]
      : withWholePaths([...positionals, ...words], named, cwd);
    const isGiven = (flag: keyof typeof TERMINAL_FLAGS) => others[flag] === true;
    return {
      argv,
      json: isGiven('json'),
      yes: isGiven('yes'),
      watchMs: isGiven('watch') || others.interval !== undefined ? intervalMs(others.interval) : null,
      follow: isGiven('follow'),
      pager: !isGiven('no-pager'),
    };
  } catch (error) {
    if (error instanceof BotError) throw error;
    const help = `See "${shellCommand(name ? `help ${name}` : 'help')}".`;
    const unknown = /^Unknown option '(-[^']*)'/.exec(errorText(error));
    if (!unknown) throw new BotError('bad-option', errorText(error), help);
    const near = closest(unknown[1]!.replace(/^-+/, ''), [...Object.keys(flags), ...Object.keys(own)]);
    const instead = near ? `Did you mean --${near}?` : 'A value that starts with "-" goes after "--".';
    throw new BotError('bad-option', `${unknown[0]}.`, `${instead} ${help}`);
  }
}

/** `--watch=10` as `--watch --interval 10`. */
function withInterval(arg: string): string[] {
  const seconds = /^(?:--watch|-w)=(.*)$/.exec(arg)?.[1];
  return seconds === undefined ? [arg] : ['--watch', `--interval=${seconds}`];
}

/** Error `bad-option`. */
function intervalMs(given: string | boolean | undefined): number {
  const seconds = given === undefined ? INTERVAL.usual : Number(given);
  if (seconds >= INTERVAL.min && seconds <= INTERVAL.max) return seconds * 1000;
  throw new BotError(
    'bad-option',
    `The interval is "${given}"; accepted: seconds from ${INTERVAL.min} to ${INTERVAL.max}.`,
    'For example --watch=10.',
  );
}
