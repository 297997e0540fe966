import { clip } from './clip.ts';
import type { CommandDeclaration } from './command-declaration.ts';
import { BotError } from './errors.ts';
import { closest } from './nearest.ts';

/** Of what somebody typed so much is compared with names, and shown, characters. */
const NAME_MAX = 60;

/** The command of that name or alias, however it is capitalised. */
export function commandNamed<C extends Pick<CommandDeclaration, 'name' | 'aliases'>>(
  name: string,
  commands: readonly C[],
): C | undefined {
  const wanted = name.toLowerCase();
  return (
    commands.find((each) => each.name === wanted) ?? commands.find(({ aliases }) => aliases?.includes(wanted))
  );
}

/** The command that a line begins with, and how many of its words name it: `suggest dismiss` is an alias of two. */
export function commandAtStart<C extends Pick<CommandDeclaration, 'name' | 'aliases'>>(
  words: readonly string[],
  commands: readonly C[],
): { command: C; taken: number } | undefined {
  for (const taken of [2, 1]) {
    const command = words.length >= taken && commandNamed(words.slice(0, taken).join(' '), commands);
    if (command) return { command, taken };
  }
  return undefined;
}

/** What is said of a word that is the name of none of these. */
export function unknownCommand(name: string, names: readonly string[]): BotError {
  const close = closest(name.slice(0, NAME_MAX), names);
  return new BotError(
    'unknown-command',
    `There is no command "${clip(name, NAME_MAX)}".`,
    `${close ? `Did you mean ${close}? ` : ''}"help" lists them all.`,
  );
}
