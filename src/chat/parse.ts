import type { Invocation } from '../core/adapter.ts';
import { clip } from '../core/clip.ts';
import type { Command } from '../core/command.ts';
import { commandAtStart, commandNamed } from '../core/command-names.ts';
import { BotError } from '../core/errors.ts';
import { closest } from '../core/nearest.ts';
import { emptyWords, type RawOptions, specOf } from '../core/options.ts';
import { commandIn } from '../core/quoting.ts';
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
    const { named, assignments } = splitAssignments(command, input.options);
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
  const names = commands.map((command) => command.name);
  const close = closest(name.slice(0, 60), names);
  throw new BotError(
    'unknown-command',
    `There is no command "${clip(name, 60)}".`,
    `${close ? `Did you mean ${close}? ` : ''}"help" lists them all.`,
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

/** A form's field of several `key=value` lines becomes assignments; everything else has a name already. */
function splitAssignments(command: Command, options: Record<string, string>): RawOptions {
  const named = emptyWords();
  const assignments = emptyWords();
  for (const [name, value] of Object.entries(options)) {
    const spec = specOf(command.options, name);
    if (spec?.type !== 'assignments') {
      if (value !== '' || spec?.required) named[name] = value;
      continue;
    }
    checkLength(value, name);
    for (const { text } of splitWords(value)) {
      const cut = text.indexOf('=');
      if (cut < 1)
        throw new BotError(
          'bad-option',
          `"${clip(text, 60)}" in ${name} is not key=value.`,
          'Nothing was done.',
        );
      assignments[text.slice(0, cut)] = text.slice(cut + 1);
    }
  }
  return { named, assignments };
}
