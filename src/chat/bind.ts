import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import { closest } from '../core/nearest.ts';
import {
  choiceMeant,
  emptyWords,
  isPositional,
  type OptionSpec,
  type OptionSpecs,
  type RawOptions,
  specOf,
} from '../core/options.ts';
import type { Word } from './words.ts';

/** What decides which words refer to jobs. */
export interface WordContext {
  /** In a job's thread, where a number alone is not the job when something else needs it. */
  jobImplied: boolean;
  /** Whether a word is the id of an experiment of the session. */
  namesExperiment(word: string): boolean;
  /** Whether a word is a queue's name and a job of it, `gpu-02/7`; none is when absent. */
  namesQueuesJob?(word: string): boolean;
}

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_.-]*)=([\s\S]*)$/;

/**
 * Assigns the words of a typed line to a command's options: `name=value` by name, others in the order declared,
 * each to the next option that can take it. A `rest` option takes all that follows, as it was typed, but for the
 * options that are given by name alone and stand at the very end.
 * Error `bad-option`.
 */
export function bindWords(
  specs: OptionSpecs,
  line: string,
  words: readonly Word[],
  around: WordContext,
): RawOptions {
  const { jobImplied } = around;
  const bound = bind(specs, line, words, around, false);
  const jobGiven = Object.keys(specs).some((name) => specs[name]!.type === 'job' && name in bound.named);
  const lacks = (raw: RawOptions) => missing(specs, raw).some((name) => specs[name]!.type !== 'job');
  if (!jobImplied || !jobGiven || !lacks(bound)) return bound;
  const withoutJob = bind(specs, line, words, around, true);
  return lacks(withoutJob) ? bound : withoutJob;
}

/** Names of required options without a value. */
export function missing(specs: OptionSpecs, { named }: RawOptions): string[] {
  return Object.entries(specs)
    .filter(([name, spec]) => spec.required && !(name in named))
    .map(([name]) => name);
}

function bind(
  specs: OptionSpecs,
  line: string,
  words: readonly Word[],
  around: WordContext,
  skipJob: boolean,
): RawOptions {
  const named = emptyWords();
  const assignments = emptyWords();
  const takesAssignments = Object.values(specs).some(({ type }) => type === 'assignments');
  const open = Object.entries(specs).filter(
    ([, spec]) => isPositional(spec) && !(skipJob && spec.type === 'job'),
  );

  for (const [at, word] of words.entries()) {
    const assignment = ASSIGNMENT.exec(word.text);
    const rest = open.find(([name, spec]) => spec.type === 'text' && spec.rest && !(name in named));
    const spec = assignment && specOf(specs, assignment[1]!);
    const signed = rest ? undefined : signedBy(specs, word.text);
    if (assignment && spec && spec.type !== 'assignments') {
      setOnce(named, assignment[1]!, assignment[2]!);
    } else if (assignment && takesAssignments) {
      setOnce(assignments, assignment[1]!, assignment[2]!);
    } else if (specOf(specs, word.text)?.type === 'boolean') {
      setOnce(named, word.text, 'true');
    } else if (signed !== undefined) {
      setOnce(named, signed, word.text);
    } else {
      const index = open.findIndex(
        ([name, spec], place) =>
          (!(name in named) || spec.type === 'jobs') &&
          (canTake(spec, word.text, around) ||
            mayBeJob(spec, open[place + 1]?.[1], word.text, name in named, around)),
      );
      if (index < 0) throw unexpected(word.text, specs);
      const [name, spec] = open[index] as [string, OptionSpec];
      if (spec.type === 'jobs') {
        open.splice(0, index);
        named[name] = named[name] === undefined ? word.text : `${named[name]} ${word.text}`;
        continue;
      }
      open.splice(0, index + 1);
      if (rest && rest[0] === name && spec.type === 'text') {
        const { text, behind } = takeRest(specs, line, words.slice(at));
        named[name] = text;
        for (const [key, value] of behind) setOnce(named, key, value);
        return { named, assignments };
      }
      named[name] = word.text;
    }
  }
  return { named, assignments };
}

/**
 * The text of a rest, and the options behind it. Only options without a place of their own (`next=…`) may follow a
 * text: what names a job there is part of the sentence. A rest that is one quoted piece stands without its quotes.
 */
function takeRest(
  specs: OptionSpecs,
  line: string,
  rest: readonly Word[],
): { text: string; behind: [name: string, value: string][] } {
  const behind: [string, string][] = [];
  let end = rest.length;
  while (end > 1) {
    const word = rest[end - 1]!;
    const [, name, value] = (!word.quoted && ASSIGNMENT.exec(word.text)) || [];
    const spec = name === undefined ? undefined : specOf(specs, name);
    if (!spec || spec.type === 'assignments' || isPositional(spec)) break;
    behind.unshift([name!, value!]);
    end -= 1;
  }
  const first = rest[0]!;
  const text = end === 1 && first.quoted ? first.text : line.slice(first.start, rest[end]?.start).trim();
  return { text, behind };
}

/** Whether an unnamed word may belong to this option; a required one takes anything and is checked later. */
function canTake(spec: OptionSpec, word: string, { namesQueuesJob }: WordContext): boolean {
  const isJob = (each: string) => namesJob(each) || namesQueuesJob?.(each) === true;
  if (spec.required && spec.type !== 'job' && spec.type !== 'jobs')
    return spec.type === 'text' || !ASSIGNMENT.test(word);
  switch (spec.type) {
    case 'jobs':
      return word.split(',').every((each) => each === '' || isJob(each));
    case 'job':
      return isJob(word);
    case 'integer':
      return /^[+-]?\d+$/.test(word);
    case 'number':
      return word.trim() !== '' && Number.isFinite(Number(word));
    case 'choice':
      return choiceMeant(spec.choices, word) !== undefined;
    default:
      return true;
  }
}

/**
 * Whether a word that has not the form of a job's name means one all the same. Outside a job's thread the first word
 * of a command about a job does, so that whoever looks it up can name it. Elsewhere an experiment's id does, unless it
 * may as well begin a text.
 */
function mayBeJob(
  spec: OptionSpec,
  next: OptionSpec | undefined,
  word: string,
  isFurther: boolean,
  { jobImplied, namesExperiment }: WordContext,
): boolean {
  if (spec.type !== 'job' && spec.type !== 'jobs') return false;
  if (ASSIGNMENT.test(word)) return false;
  if (spec.required && !jobImplied && !isFurther) return true;
  return next?.type !== 'text' && word.split(',').every((each) => namesExperiment(each));
}

/** The option whose sign a word begins with, and more after it. */
function signedBy(specs: OptionSpecs, word: string): string | undefined {
  return Object.keys(specs).find((name) => {
    const spec = specs[name]!;
    return spec.type === 'text' && spec.sign && word.startsWith(spec.sign) && word !== spec.sign;
  });
}

/** Whether a word has the form of a job's name. */
function namesJob(word: string): boolean {
  return /^(job-?)?\d+$|^run-\d+$|^(last|running)$|@\d/i.test(word) || /^job/i.test(word);
}

function setOnce(values: Record<string, string>, name: string, value: string): void {
  if (Object.hasOwn(values, name))
    throw new BotError('bad-option', `${name} is given twice.`, 'Give it once.');
  values[name] = value;
}

function unexpected(word: string, specs: OptionSpecs): BotError {
  const name = ASSIGNMENT.exec(word)?.[1];
  const names = Object.keys(specs);
  if (!name || names.length === 0) {
    const shown = clip(word, 60);
    const known = names.length > 0 ? `It takes: ${taken(specs)}.` : 'It takes no options.';
    return new BotError('bad-option', `"${shown}" does not match any option of this command.`, known);
  }
  const close = closest(name, names);
  return new BotError(
    'bad-option',
    `There is no option ${name}.`,
    `${close ? `Did you mean ${close}? ` : ''}It takes: ${names.join(', ')}.`,
  );
}

/** What a command takes, with the words of what takes only some. */
function taken(specs: OptionSpecs): string {
  return Object.entries(specs)
    .map(([name, spec]) => (spec.type === 'choice' ? `${name} (accepted: ${spec.choices.join(', ')})` : name))
    .join(', ');
}
