import type { ExperimentRow, LaunchedRow } from '../experiment.ts';
import type { JobKey } from '../job.ts';

/** The rows of a session's log. */
export interface RowsReader {
  /** All of them in the order of the file, page by page: they may be very many, so go through them in slices. */
  pages(): Iterable<ExperimentRow[]>;
  /** The same, the newest first; `before`: only those older than the row with that id. */
  pagesBackwards(before?: string): Iterable<ExperimentRow[]>;
  /** With their jobs and what they were launched from, in the order of the file. */
  launchedPages(): Iterable<LaunchedRow[]>;
  count(): number;
  /** The last `limit` rows, newest first; `withHypothesis`: only those that have one. */
  newest(limit: number, withHypothesis?: boolean): ExperimentRow[];
  get(experimentId: string): ExperimentRow | undefined;
  /**
   * The row that somebody means: by its id, by `session/id`, or by a job (`7`, `job-0000007`) where no experiment has
   * that id. Errors `unknown-experiment`, with the nearest; `other-session` for one of another.
   */
  named(reference: string): ExperimentRow;
  /** The row of a job; every known job has one. */
  ofJob(key: JobKey): ExperimentRow | undefined;
  /** The job of a row; undefined for one that was only planned or written by hand. */
  jobOf(experimentId: string): JobKey | undefined;
}
