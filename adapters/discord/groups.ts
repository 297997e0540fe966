import { clip } from '../../src/core/clip.ts';
import type { CommandDeclaration } from '../../src/core/command-declaration.ts';
import type { OptionSpec } from '../../src/core/options.ts';
import { COMMAND_DESCRIPTION_MAX, COMMAND_TOTAL_MAX, SUBCOMMANDS_MAX } from './limits.ts';

/** The slash command that holds ours, and the name of what does not fit under it. */
export const SLASH_COMMAND = 'xax';
export const MORE = 'xax-more';

/** Our commands as they stand under slash commands, in the order that they are declared in. */
export function groupsOf<C extends CommandDeclaration>(
  commands: readonly C[],
): { name: string; under: C[] }[] {
  const groups: C[][] = [[]];
  for (const command of commands) {
    const group = groups.at(-1)!;
    if (group.length >= SUBCOMMANDS_MAX || total([...group, command]) > COMMAND_TOTAL_MAX)
      groups.push([command]);
    else group.push(command);
  }
  return groups.map((under, index) => ({
    name: index === 0 ? SLASH_COMMAND : index === 1 ? MORE : `${MORE}-${index}`,
    under,
  }));
}

/** What stands before a command that is typed in Discord. */
export function commandPrefix(command: string, offered: readonly CommandDeclaration[]): string {
  const found = groupsOf(offered).find(({ under }) => under.some(({ name }) => name === command));
  return `/${found?.name ?? SLASH_COMMAND} `;
}

/** The characters that Discord counts: names, descriptions and values of everything under a command. */
function total(commands: readonly CommandDeclaration[]): number {
  return commands.reduce(
    (sum, { name, summary, options }) =>
      sum +
      name.length +
      described(summary) +
      Object.entries(options).reduce((inner, [option, spec]) => inner + option.length + sizeOf(spec), 0),
    SLASH_COMMAND.length + COMMAND_DESCRIPTION_MAX,
  );
}

function sizeOf(spec: OptionSpec): number {
  const choices = spec.type === 'choice' ? spec.choices : [];
  return described(spec.description) + choices.reduce((sum, choice) => sum + 2 * choice.length, 0);
}

function described(text: string): number {
  return clip(text, COMMAND_DESCRIPTION_MAX).length;
}
