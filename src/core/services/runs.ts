import type { ConfigChange } from '../config-delta.ts';
import type { Job } from '../job.ts';
import type { Curve, Series, UsageChart } from '../metrics.ts';
import type { JobRecord } from './jobs.ts';

/** How much of the queues somebody or something had. */
export interface UsageShare {
  /** A person, a preset or a queue; empty where nobody knows. */
  of: string;
  jobs: number;
  hours: number;
  failedHours: number;
  /** Hours times the GPUs of each job, as far as they are known. */
  gpuHours: number;
  /** Of so many jobs they are not, or not of each of their tasks. */
  untold: number;
}

/** How queues were used. */
export interface Usage {
  days: UsageChart['days'];
  /** The same by who it was, by what was launched, and by where it ran, the most first. */
  shares: Record<'person' | 'preset' | 'queue', UsageShare[]>;
}

/** A run that another is compared with. */
export interface Reference {
  /** The experiment it was made from, or the session's best. */
  why: 'parent' | 'best';
  job: JobRecord;
}

/** Differences of two copies of code. */
export interface CodeDiff {
  /** Lines are null for a file that cannot be shown. */
  files: {
    path: string;
    kind: 'added' | 'removed' | 'changed';
    added: number | null;
    removed: number | null;
  }[];
  /** False where there are more files than are compared. */
  isWhole: boolean;
  /** A unified diff. */
  patch: string;
}

/**
 * When two runs' settings are known: as soon as they begin, by what their queue started them with; later, as a stack writes some itself;
 * or in part, while one of them has not written those yet.
 */
export type SettingsTold = 'at once' | 'later' | 'in part';

/** Comparing runs. */
export interface RunsService {
  /** What a run is compared with, its parent first; never the run itself. */
  references(job: Job): Reference[];
  /**
   * What its settings change against the first of those, and in how many files its code differs (null: unknown);
   * null without one, or without settings to compare.
   */
  changes(job: Job): Promise<{
    against: Reference;
    changes: ConfigChange[];
    told: SettingsTold;
    codeFiles: number | null;
  } | null>;
  /** The same between any two; words that say which settings are unknown and why, where some are. */
  changesBetween(
    from: Job,
    to: Job,
  ): Promise<{ changes: ConfigChange[]; told: SettingsTold } | { unknown: string }>;
  /** A run's curve, with those of its references behind it. */
  measured(job: Job, series: Series): Promise<Curve[]>;
  /** A label for each run, telling them apart by what differs in their settings. */
  labels(jobs: readonly Job[]): Promise<string[]>;
  /** What differs in the code they were started with; null where one has no copy of it. */
  codeDiff(from: Job, to: Job): Promise<CodeDiff | null>;
  /** How the queues, or one of them, were used on the last days of the host's zone, today last. */
  usage(days: number, queue?: string): Usage;
}
