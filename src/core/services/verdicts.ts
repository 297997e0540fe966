import type { ExperimentRow } from '../experiment.ts';
import type { JobKey } from '../job.ts';
import type { Slices } from '../slices.ts';

/** The team's verdicts on runs. */
export interface VerdictsReader {
  /**
   * The ids of rows with a hypothesis whose run ended and of which nobody has said what it showed, the latest end first;
   * and the first so many of these rows.
   */
  missing(limit?: number): Slices<{ ids: string[]; rows: ExperimentRow[] }>;
  /** Rows whose verdict was given, or changed, after this time (epoch milliseconds), the last change first. */
  since(at: number): Slices<ExperimentRow[]>;
  /** A person's text about a run's result; undefined while there is only machine text. */
  of(key: JobKey): string | undefined;
}
