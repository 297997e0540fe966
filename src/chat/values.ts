import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import { type Job, jobKeyText } from '../core/job.ts';
import { closest } from '../core/nearest.ts';
import {
  choiceMeant,
  DEFAULT_MAX_LENGTH,
  isAboutJob,
  type OptionSpec,
  type OptionSpecs,
  type OptionValues,
  type RawOptions,
  type WhichJob,
} from '../core/options.ts';
import { rangeWords } from '../core/range-words.ts';
import { legible } from '../core/unseen.ts';
import { isLaunch, type JobOrLaunch, type WaitingLaunch } from '../core/waiting-launch.ts';
import { missing } from './bind.ts';

export interface ValueLookups {
  /**
   * Error `unknown-job`. `undefined`: the job of the thread; error `which-job` when there is none. A launch that waits only where
   * that may be meant too.
   */
  job(reference: string | undefined, which?: WhichJob): JobOrLaunch;
  inJobThread: boolean;
}

const TRUE = ['true', 'yes', 'on', '1'];
const FALSE = ['false', 'no', 'off', '0'];

/** The typed values of declared options. Error `bad-option`: names the option, what was given, what is accepted. */
export function parseValues<O extends OptionSpecs>(
  specs: O,
  raw: RawOptions,
  lookups: ValueLookups,
): OptionValues<O> {
  const absent = missing(specs, raw).filter(
    (name) => !(/^jobs?$/.test(specs[name]!.type) && lookups.inJobThread),
  );
  if (absent.length > 0) {
    const [name, ...more] = absent;
    const each = absent.map((one) => `${one} (${specs[one]!.description})`);
    const lacking =
      more.length === 0
        ? `${name} is missing: ${specs[name!]!.description}.`
        : `${each.slice(0, -1).join(', ')} and ${each.at(-1)} are missing.`;
    throw new BotError('bad-option', lacking, usageHint(specs), name);
  }
  const unknown = Object.keys(raw.named).find((name) => !Object.hasOwn(specs, name));
  if (unknown !== undefined) {
    throw new BotError('bad-option', `There is no option ${unknown}.`, usageHint(specs));
  }
  const values = Object.entries(specs).map(([name, spec]) => [
    name,
    ofOption(name, () => parsedValue(name, spec, raw, lookups)),
  ]);
  return Object.fromEntries(values) as OptionValues<O>;
}

/** What is wrong with an option says of which, for a form that shows it there. */
function ofOption<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof BotError) || error.option !== undefined) throw error;
    throw new BotError(error.code, error.message, error.hint, name);
  }
}

function parsedValue(name: string, spec: OptionSpec, raw: RawOptions, lookups: ValueLookups): unknown {
  if (spec.type === 'assignments') return raw.assignments;
  const given = Object.hasOwn(raw.named, name) ? raw.named[name] : undefined;
  if (spec.type === 'job') {
    const fromThread = given === undefined && lookups.inJobThread && isAboutJob(spec);
    return given !== undefined || spec.required || fromThread ? lookups.job(given, spec) : undefined;
  }
  if (spec.type === 'jobs') return jobsValue(name, spec, given, lookups);
  if (given === '' && spec.clearable) return '';
  if (given === undefined || (given === '' && !spec.required)) return undefined;
  switch (spec.type) {
    case 'text':
      return textValue(name, given, spec.maxLength ?? DEFAULT_MAX_LENGTH);
    case 'integer':
    case 'number':
      return numberValue(name, spec, given);
    case 'boolean':
      if (TRUE.includes(given.toLowerCase())) return true;
      if (FALSE.includes(given.toLowerCase())) return false;
      throw bad(name, given, 'yes or no');
    case 'choice': {
      const choice = choiceMeant(spec.choices, given);
      if (choice !== undefined) return choice;
      const near = closest(given, spec.choices);
      throw bad(name, given, `one of ${spec.choices.join(', ')}${near ? ` (nearest: ${near})` : ''}`);
    }
    default:
      return textValue(name, given, DEFAULT_MAX_LENGTH);
  }
}

/** The jobs named, each once; the job of the thread when none is. */
function jobsValue(
  name: string,
  spec: OptionSpec & { type: 'jobs' },
  given: string | undefined,
  lookups: ValueLookups,
): Job[] | undefined {
  const words = (given ?? '').split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) {
    if (lookups.inJobThread) return [lookups.job(undefined) as Job];
    if (spec.required) throw bad(name, given ?? '', 'at least one job');
    return undefined;
  }
  const jobs = new Map(words.map((word) => [word, lookups.job(word, spec) as Job]));
  const unique = [...new Map([...jobs.values()].map((job) => [jobKeyText(job), job])).values()];
  if (unique.length <= spec.max) return unique;
  throw bad(name, given!, `at most ${spec.max} jobs`);
}

function textValue(name: string, given: string, maxLength: number): string {
  const text = legible(given).trim();
  if (text === '') throw bad(name, given, 'text');
  if (text.length > maxLength) {
    throw new BotError(
      'bad-option',
      `${name} has ${text.length} characters; at most ${maxLength} are accepted.`,
      'Nothing was kept: shorten it, or put the long text in a file and name it.',
      name,
    );
  }
  return text;
}

function numberValue(name: string, spec: OptionSpec & { type: 'integer' | 'number' }, given: string): number {
  const value = Number(given);
  const isNumber =
    given.trim() !== '' && Number.isFinite(value) && (spec.type === 'number' || Number.isSafeInteger(value));
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = spec;
  if (isNumber && value >= min && value <= max) return value;
  const what = spec.type === 'integer' ? 'a whole number' : 'a number';
  throw bad(name, given, `${what}${rangeWords(spec)}`);
}

function bad(name: string, given: string, accepted: string): BotError {
  const shown = clip(given, 60);
  return new BotError(
    'bad-option',
    `${name} is "${shown}"; accepted: ${accepted}.`,
    'Nothing was changed.',
    name,
  );
}

function usageHint(specs: OptionSpecs): string {
  return `It takes: ${Object.keys(specs).join(', ')}.`;
}

/** The one job that a command is about; null for none or several. */
export function jobOf(specs: OptionSpecs, values: Readonly<Record<string, unknown>>): Job | null {
  const jobs = jobsOf(specs, values);
  return jobs.length === 1 ? jobs[0]! : null;
}

/** Every job that a command is about. */
export function jobsOf(specs: OptionSpecs, values: Readonly<Record<string, unknown>>): Job[] {
  return meantBy(specs, values).filter((meant): meant is Job => !isLaunch(meant));
}

/** The launch that a command is about in a job's place. */
export function launchOf(
  specs: OptionSpecs,
  values: Readonly<Record<string, unknown>>,
): WaitingLaunch | undefined {
  return meantBy(specs, values).find(isLaunch);
}

/** Every job, and every launch that waits, that a command is about. */
export function meantBy(specs: OptionSpecs, values: Readonly<Record<string, unknown>>): JobOrLaunch[] {
  return Object.entries(specs).flatMap(([name, spec]) => {
    const { type } = spec;
    const value = values[name];
    return value === undefined || !isAboutJob(spec)
      ? []
      : type === 'job'
        ? [value as JobOrLaunch]
        : type === 'jobs'
          ? (value as Job[])
          : [];
  });
}
