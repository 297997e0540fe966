import { capital } from './capital.ts';
import type { Job, JobStatus } from './job.ts';
import type { ProposalState } from './proposal-state.ts';
import type { JobOrLaunch } from './waiting-launch.ts';

interface OptionBase {
  description: string;
  /** What a form calls it, in words; by default its name. */
  label?: string;
  /** A form that is opened with it given does not ask for it again. A job never is. */
  settled?: boolean;
  /** Asked for; a command with a required option missing answers with its usage. */
  required?: boolean;
  /** Filled in order by words without a name; on by default for every type but `boolean` and `assignments`. */
  positional?: boolean;
  /** An empty value is one too, typed as `name=`: it clears what stands there. */
  clearable?: boolean;
  /** It means the channel that the command is given in: left out for whoever has none. */
  ofChannel?: true;
  /** A form asks for it only where somebody wants more than what is usually given. */
  folded?: true;
  /** What else a form asks for follows from it. */
  shapes?: true;
  /** A form sends it as it stood there too, since it goes with another option: left out, it is another thing. */
  resent?: true;
}

/** What words mean a job where a command takes one. */
export interface WhichJob {
  /** Which job `last` is: of what reads a run, the last that began; else the last that was queued. */
  last?: 'began';
  /** Only a job that a queue started: a run that is only followed is neither offered nor meant by `running`. */
  ofQueue?: true;
  /** A launch that waits may be named in a job's place: by its experiment, or by the job that it repeats. */
  orLaunch?: true;
}

interface JobOption extends WhichJob {
  /** Another job than those that the command is about: never the thread's, and whose it is decides nothing. */
  other?: true;
  /** Which jobs the command can act on; only these are offered. */
  states?: readonly JobStatus[];
}

/**
 * One typed option, declared once: help, completion, forms, terminal flags and each platform's own commands
 * derive from it. `rest` takes all remaining words; `assignments` collects `key=value` words that name no option.
 */
export type OptionSpec =
  /**
   * `sign`: a word without a name that begins with it is this option's, wherever it stands, as `#lr`. `isFolder`: a folder of the
   * bot's host; a terminal, which stands in one, takes a path from there, also as the first word where an action is expected.
   */
  | (OptionBase & {
      type: 'text';
      rest?: boolean;
      maxLength?: number;
      multiline?: boolean;
      sign?: string;
      isFolder?: true;
    })
  /** `proposals`: the number of a proposal in one of these states; only these are offered. */
  | (OptionBase & { type: 'integer'; min?: number; max?: number; proposals?: readonly ProposalState[] })
  | (OptionBase & { type: 'number'; min?: number; max?: number })
  | (OptionBase & { type: 'boolean' })
  /** `ofQueues`: the choices are the queues' names, filled in where there are several; else it is left out. */
  | (OptionBase & {
      type: 'choice';
      choices: readonly string[];
      ofQueues?: true;
      /** What a list says beside each choice. */
      described?: Readonly<Record<string, string>>;
    })
  | (OptionBase & JobOption & { type: 'job' })
  /** One or more: all words that name jobs. */
  | (OptionBase & JobOption & { type: 'jobs'; max: number })
  | (OptionBase & { type: 'preset' })
  /** `status`: of which the command can take one; only these are offered. */
  | (OptionBase & { type: 'experiment'; status?: 'planned' })
  /** A metric of the job that the command is about. */
  | (OptionBase & { type: 'tag' })
  /**
   * `usage`: how they are written, where that is more than `[key=value…]`; `ranges`: each is several values at once;
   * `declared`: a form asks for each that the preset declares by itself.
   */
  | (OptionBase & { type: 'assignments'; usage?: string; ranges?: true; declared?: true });

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type ValueOf<S extends OptionSpec> = S extends { type: 'integer' | 'number' }
  ? number
  : S extends { type: 'boolean' }
    ? boolean
    : S extends { ofQueues: true }
      ? string
      : S extends { type: 'choice'; choices: readonly (infer C)[] }
        ? C
        : S extends { type: 'job' }
          ? S extends { orLaunch: true }
            ? JobOrLaunch
            : Job
          : S extends { type: 'jobs' }
            ? readonly Job[]
            : S extends { type: 'assignments' }
              ? Record<string, string>
              : string;

/** The parsed values of declared options: what is not required may be undefined. */
export type OptionValues<O extends OptionSpecs> = {
  [K in keyof O]: O[K] extends { required: true } | { type: 'assignments' }
    ? ValueOf<O[K]>
    : ValueOf<O[K]> | undefined;
};

/** Words as they came in, before types: by name, `key=value` words that name no option apart. */
export interface RawOptions {
  named: Record<string, string>;
  assignments: Record<string, string>;
}

/** The words a text option may have unless it says otherwise. */
export const DEFAULT_MAX_LENGTH = 4_000;

export function isPositional(spec: OptionSpec): boolean {
  return spec.positional ?? (spec.type !== 'boolean' && spec.type !== 'assignments');
}

/** What a form calls an option. */
export function labelOf(name: string, { label }: OptionSpec): string {
  return label ?? inWords(name);
}

/** `queue-gpus` as `Queue gpus`. */
export function inWords(name: string): string {
  return capital(name.replace(/[-_]+/g, ' '));
}

/** Words by name, in which no name is special: `constructor` and `__proto__` are names like any other. */
export function emptyWords(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

/** The spec of an option that was declared; undefined for every other name. */
export function specOf(specs: OptionSpecs, name: string): OptionSpec | undefined {
  return Object.hasOwn(specs, name) ? specs[name] : undefined;
}

/** Whether an option names the job, or the jobs, that a command is about. */
export function isAboutJob(spec: OptionSpec): boolean {
  return spec.type === 'jobs' || (spec.type === 'job' && spec.other !== true);
}

/** The option that says which one job a command is about, where it has one. */
export function jobOptionOf(specs: OptionSpecs): string | undefined {
  return Object.keys(specs).find((name) => specs[name]!.type === 'job' && isAboutJob(specs[name]!));
}

/** The option that names the job, or the jobs, that a command is about. */
export function jobsOptionOf(specs: OptionSpecs): string | undefined {
  return Object.keys(specs).find((name) => isAboutJob(specs[name]!));
}

/** The one of the choices that a word means, in whatever letters it is typed; undefined: none. */
export function choiceMeant(choices: readonly string[], word: string): string | undefined {
  const lower = word.toLowerCase();
  return choices.find((each) => each === word) ?? choices.find((each) => each.toLowerCase() === lower);
}
