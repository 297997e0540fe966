import type { ExperimentRow } from '../experiment.ts';
import type { JobKey } from '../job.ts';

/** People's edits of a session's rows. */
export interface RowEditor {
  /** Errors `experiment-name`, `experiment-exists` for what cannot name a new experiment. */
  checkName(name: string): void;
  /**
   * The id of whoever is meant to be the parent of an experiment (null: of a new one). Errors `unknown-parent`,
   * `other-session`; `parent-loop` where it follows the experiment itself.
   */
  checkedParent(experimentId: string | null, parent: string): string;
  /** Sets fields that a person gave; errors `unknown-experiment`, `unknown-parent`, `parent-loop`. */
  edit(experimentId: string, values: Partial<ExperimentRow>): ExperimentRow;
  /** The same for a job's row, of whatever session; undefined for a job without one. */
  editOfJob(key: JobKey, values: Partial<ExperimentRow>): ExperimentRow | undefined;
  /** A job's row is of this session from now on, under its job's id; nothing happens where it is already. */
  takeJob(key: JobKey): void;
}
