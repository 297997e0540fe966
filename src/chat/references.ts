import type { CommandDeclaration } from '../core/command-declaration.ts';
import { type Job, jobIdMeant } from '../core/job.ts';
import type { OptionSpec, RawOptions } from '../core/options.ts';
import { choiceMeant, specOf } from '../core/options.ts';
import type { Reference, References } from '../core/services/audit.ts';
import { type JobOrLaunch, meantKeyText } from '../core/waiting-launch.ts';

/** Longest number that is kept as it was written. */
const NUMBER_LENGTH = 40;

/** What tells a name that is known here from words that somebody wrote in its place. */
export interface KnownNames {
  experiment(id: string): boolean;
  preset(name: string): boolean;
}

/**
 * A command's options without any words of people: what is a number, a choice, or the name of something that is there stands as
 * it is; of all else the length. `values`: as far as they were understood.
 */
export function referencesOf(
  { options: specs }: Pick<CommandDeclaration, 'options'>,
  { named, assignments }: RawOptions,
  values: Readonly<Record<string, unknown>>,
  known: KnownNames,
): References {
  const options = Object.entries(named).map(([name, text]): [string, Reference] => {
    const spec = specOf(specs, name);
    return [
      spec ? name : 'other',
      spec ? referenceOf(spec, text, values[name], known) : { length: text.length },
    ];
  });
  const jobs = Object.entries(specs).flatMap(([name, { type }]): [string, Reference][] => {
    const value = values[name];
    if (value === undefined || name in named) return [];
    return type === 'job' || type === 'jobs' ? [[name, jobWords(value)]] : [];
  });
  const settings = Object.entries(assignments).map(([name, text]): [string, Reference] => [
    isName(name) ? name : 'other',
    isNumber(text) || isTruth(text) ? text : { length: text.length },
  ]);
  return Object.fromEntries([...options, ...jobs, ...settings]);
}

function referenceOf(spec: OptionSpec, text: string, value: unknown, known: KnownNames): Reference {
  const isKept = {
    job: () => value !== undefined || (text.length <= NUMBER_LENGTH && jobIdMeant(text) !== undefined),
    jobs: () => value !== undefined,
    integer: () => isNumber(text),
    number: () => isNumber(text),
    boolean: () => typeof value === 'boolean',
    choice: () => spec.type === 'choice' && choiceMeant(spec.choices, text) !== undefined,
    experiment: () => known.experiment(text),
    preset: () => known.preset(text),
    tag: () => false,
    text: () => false,
    assignments: () => false,
  }[spec.type];
  if (!isKept()) return { length: text.length };
  if (spec.type === 'job' || spec.type === 'jobs')
    return value === undefined ? jobIdMeant(text)! : jobWords(value);
  return typeof value === 'boolean' ? value : text;
}

function jobWords(value: unknown): string {
  return [value as JobOrLaunch | Job[]].flat().map(meantKeyText).join(' ');
}

function isNumber(text: string): boolean {
  return text.length <= NUMBER_LENGTH && text.trim() !== '' && Number.isFinite(Number(text));
}

function isTruth(text: string): boolean {
  return /^(true|false)$/i.test(text);
}

/** Whether it may be the name of a setting, and no sentence. */
function isName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,79}$/.test(text);
}
