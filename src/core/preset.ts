import type { Resources } from './resources.ts';

/** A declared option of a preset, passed to the task as `key=value`. */
export interface PresetOption {
  type: 'number' | 'integer' | 'text' | 'boolean' | 'choice';
  description: string;
  min?: number;
  max?: number;
  choices?: readonly string[];
  /** As it is passed; absent: the task's own default holds. */
  default?: string;
  /** False: suggestions never vary it. */
  tune?: boolean | undefined;
}

/** Why a scheduler ended a run that did nothing wrong. */
export const RETRY_CAUSES = ['preempted', 'node_failure'] as const;
export type RetryCause = (typeof RETRY_CAUSES)[number];

/** What becomes of runs that were ended so. */
export interface Retry {
  on: readonly RetryCause[];
  /** So often in a row at most. */
  most: number;
}

/** Something that may be launched from chat: an argument list, never a shell line. */
export interface Preset {
  name: string;
  description: string;
  /** The project's folder on the host of the queue, and the program with its arguments; `~` is a home of that host. */
  cwd: string;
  argv: readonly string[];
  options: Readonly<Record<string, PresetOption>>;
  /** Keys that may be set beyond the declared ones; `["*"]` allows every key that is not refused everywhere. */
  allowExtra: readonly string[];
  /** The queues on which it can be launched; absent: on each that can be launched on. */
  queues?: readonly string[] | undefined;
  /** Its jobs are killed after this many NaN points in a row of a metric; absent: never. */
  killOnNan?: number | undefined;
  /** Its jobs are launched again after these ends; absent: never. */
  retry?: Retry | undefined;
  /** Where its runs write, `*` for any part of a name, from its folder; absent: it is found by what the job says. */
  runs?: string | undefined;
  /** What its runs are given on queues of the kind slurm. */
  slurm?: Resources | undefined;
}
