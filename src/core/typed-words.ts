import type { AdapterHandlers, Invocation } from './adapter.ts';
import { cellText } from './cell-text.ts';
import { commandNamed } from './command-names.ts';
import { readSent } from './form-sent.ts';
import { withNames } from './job.ts';
import { isPositional, type OptionSpecs, specOf } from './options.ts';
import { sessionPinned } from './pinned-session.ts';
import { yesToken } from './press.ts';
import { assignment, quoted } from './quoting.ts';

/** How much of a command is repeated above or below its answer, characters: what it says stands in the answer. */
const ASKED_MAX = 200;

/**
 * The command as it would have been typed, for everybody to read, in a line. Of a yes, the command that the question was about,
 * as long as it is open: ask before it is answered.
 */
export function typedWords(
  { input: given, adapter }: Pick<Invocation, 'input' | 'adapter'>,
  {
    commands,
    nameOf,
    typed,
    questioned,
  }: Pick<AdapterHandlers, 'commands' | 'nameOf' | 'typed'> & Partial<Pick<AdapterHandlers, 'questioned'>>,
): string {
  const token = yesToken(given);
  const asked = token === undefined ? undefined : questioned?.(token);
  if (token !== undefined && !asked) return 'yes';
  const input = asked ? { kind: 'options' as const, ...asked } : given;
  return cellText(typed(adapter, commandLine(input, { commands, nameOf })), ASKED_MAX);
}

/** The same without what stands before a command. */
export function commandLine(
  given: Invocation['input'],
  { commands, nameOf }: Pick<AdapterHandlers, 'commands' | 'nameOf'>,
): string {
  if (given.kind === 'confirm') return '';
  const { input } = sessionPinned(given);
  if (input.kind === 'text') return input.words;
  if (input.kind === 'argv') return input.argv.join(' ');
  const command = commandNamed(input.command, commands);
  const specs = command?.options ?? {};
  const { named, assignments, more } = readSent(specs, input.options);
  const settings = Object.entries({ ...assignments, ...input.assignments }).map(assignment);
  return [
    command?.name ?? input.command,
    ...optionWords(specs, named, nameOf),
    ...settings,
    ...linesOf(more),
  ].join(' ');
}

/** By place as far as every place before is filled, the rest by name; a text that takes the rest of the line last. */
function optionWords(
  specs: OptionSpecs,
  options: Readonly<Record<string, string>>,
  nameOf: AdapterHandlers['nameOf'],
): string[] {
  const words: string[] = [];
  let rest: string | undefined;
  let isInPlace = true;
  const names = [...Object.keys(specs), ...Object.keys(options).filter((name) => !specOf(specs, name))];
  for (const name of names) {
    const spec = specOf(specs, name);
    const value = options[name] ?? '';
    const hasPlace = spec !== undefined && isPositional(spec);
    if (value === '') {
      isInPlace &&= !hasPlace;
      continue;
    }
    const shown = withNames(value, nameOf);
    if (spec?.type === 'assignments') words.push(...linesOf(shown));
    else if (spec?.type === 'boolean' && shown === 'true') words.push(name);
    else if (spec?.type === 'text' && spec.rest && isInPlace) rest = shown;
    else words.push(hasPlace && isInPlace ? quoted(shown) : assignment([name, shown]));
  }
  return rest === undefined ? words : [...words, rest];
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
