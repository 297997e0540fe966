import type { ExperimentRow } from '../experiment.ts';
import type { JobKey } from '../job.ts';

/** The team's verdicts on runs. */
export interface VerdictsReader {
  /** Rows with a hypothesis whose run ended and of which nobody has said what it showed; the latest end first. */
  missing(): ExperimentRow[];
  /** Rows whose verdict was given, or changed, after this time (epoch milliseconds), the last change first. */
  since(at: number): ExperimentRow[];
  /** A person's text about a run's result; undefined while there is only machine text. */
  of(key: JobKey): string | undefined;
}
