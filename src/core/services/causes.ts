import type { ExperimentRow } from '../experiment.ts';
import type { JobKey } from '../job.ts';
import type { ExperimentsService } from './experiments.ts';

export interface CausesService {
  /** Why a failed job failed, in one line; empty for any other. Read from its log once, and kept. */
  of(job: JobKey): Promise<string>;
  /**
   * What each of a session's rows says about its run: the log's text, or, if that is only machine text about
   * a failed run, the cause.
   */
  results(rows: readonly ExperimentRow[], experiments: Pick<ExperimentsService, 'rows'>): Promise<string[]>;
}
