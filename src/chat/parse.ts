import type { Invocation } from '../core/adapter.ts';
import { clip } from '../core/clip.ts';
import type { Command } from '../core/command.ts';
import { commandAtStart, commandNamed, unknownCommand } from '../core/command-names.ts';
import { BotError } from '../core/errors.ts';
import { MORE, readSent } from '../core/form-sent.ts';
import { emptyWords, type RawOptions, specOf } from '../core/options.ts';
import { commandIn } from '../core/quoting.ts';
import { SETTINGS, settingField } from '../core/setting-fields.ts';
import { bindWords, type WordContext } from './bind.ts';
import { splitWords, type Word } from './words.ts';

/** Where no job is implied, and nobody knows the experiments. */
export const NOWHERE: WordContext = { jobImplied: false, namesExperiment: () => false };

/** Longest line that is looked at. */
export const LINE_MAX = 20_000;

/** The input that names a command and its options; a yes to a question is not among them. */
export type CommandInput = Exclude<Invocation['input'], { kind: 'confirm' }>;

/** The requested command and its options as words. Errors `unknown-command`, `bad-option`, `too-long`. */
export function parseInput(
  input: CommandInput,
  commands: readonly Command[],
  around: WordContext,
): { command: Command; raw: RawOptions } {
  if (input.kind === 'options') {
    const command = findCommand(input.command, commands);
    const { named, assignments } = readOptions(command, input.options);
    return { command, raw: { named, assignments: Object.assign(assignments, input.assignments) } };
  }
  const { line, words } = input.kind === 'text' ? typed(input.words) : argv(input.argv);
  const texts = words.slice(0, 2).map(({ text }) => text);
  const named = commandAtStart(texts, commands);
  const command = named?.command ?? findCommand(texts[0] ?? 'help', commands);
  return { command, raw: bindWords(command.options, line, words.slice(named?.taken ?? 1), around) };
}

function findCommand(name: string, commands: readonly Command[]): Command {
  const found = commandNamed(name, commands);
  if (found) return found;
  throw unknownCommand(
    name,
    commands.map((command) => command.name),
  );
}

/** Refuses what is longer than anybody types, before any of it is looked at. */
function checkLength(text: string, what: string): void {
  if (text.length > LINE_MAX)
    throw new BotError(
      'too-long',
      `${what} has ${text.length} characters; at most ${LINE_MAX} are read.`,
      'Nothing was done.',
    );
}

function typed(line: string): { line: string; words: Word[] } {
  checkLength(line, 'That line');
  const command = commandIn(line);
  return { line: command, words: splitWords(command) };
}

/** Words that a shell has split already: where each began in their line is kept for an option that takes the rest. */
function argv(parts: readonly string[]): { line: string; words: Word[] } {
  checkLength(parts.join(' '), 'That line');
  let line = '';
  const words = parts.map((text) => {
    const start = line.length;
    line += `${text} `;
    return { text, start, quoted: false };
  });
  return { line, words };
}

/** What a button or a form says: its texts of several `key=value` become settings; everything else has a name already. */
function readOptions(command: Command, options: Record<string, string>): RawOptions {
  const { named: given, assignments } = readSent(command.options, withMore(command, options));
  const named = emptyWords();
  for (const [name, value] of Object.entries(given)) {
    if (specOf(command.options, name)?.type !== 'assignments') named[name] = value;
    else for (const [key, text] of pairsIn(value, name)) assignments[key] = text;
  }
  return { named, assignments };
}

/** With what a form's last field says beside the others: each names an option or a setting. */
function withMore(
  command: Command,
  { [MORE]: more = '', ...options }: Record<string, string>,
): Record<string, string> {
  const takesSettings = specOf(command.options, SETTINGS) !== undefined;
  const pairs = pairsIn(more, MORE).map(([key, value]): [string, string] => [
    specOf(command.options, key) || !takesSettings ? key : settingField(key),
    value,
  ]);
  return { ...options, ...Object.fromEntries(pairs) };
}

/** The `key=value` pairs of a text. Error `bad-option`, which names the option that it is of. */
export function pairsIn(text: string, option: string): [string, string][] {
  checkLength(text, option);
  return splitWords(text).map(({ text: word }) => {
    const cut = word.indexOf('=');
    if (cut >= 1) return [word.slice(0, cut), word.slice(cut + 1)];
    throw new BotError(
      'bad-option',
      `"${clip(word, 60)}"${option === MORE ? '' : ` in ${option}`} is not key=value.`,
      'Nothing was done.',
      option,
    );
  });
}
