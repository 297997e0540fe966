import type { ExperimentRow } from '../experiment.ts';
import type { JobKey } from '../job.ts';

/** What people said that runs showed. */
export interface VerdictsReader {
  /** Rows with a hypothesis whose run ended and of which nobody has said what it showed; the latest end first. */
  missing(): ExperimentRow[];
  /** Rows whose verdict was given, or changed, after this time (epoch milliseconds), the last change first. */
  since(at: number): ExperimentRow[];
  /** What people wrote of what a run showed; undefined while only a machine did. */
  of(key: JobKey): string | undefined;
}
