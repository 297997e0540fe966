import type { ExperimentRow, LaunchPlan } from '../experiment.ts';
import type { JobKey } from '../job.ts';

/** What a planned row is made of. Its id is made from `name`, else `plan-N`. */
export interface NewPlan {
  name?: string | undefined;
  hypothesis: string;
  parent?: string | undefined;
  command?: string | undefined;
  owner: string;
  changeSummary?: string | undefined;
  /** Its launch; absent for a bare hypothesis. */
  launch?: LaunchPlan | undefined;
}

/** Planned experiments and their launches. */
export interface PlansService {
  /** A planned row; its id is made from `name`, else `plan-N`. Error `experiment-exists`, `unknown-parent`. */
  add(values: NewPlan): ExperimentRow;
  /** What a planned row is to be launched from; undefined for one that was written into the CSV. */
  of(experimentId: string): LaunchPlan | undefined;
  /** A planned row becomes this job's row: it keeps its id and what was planned. Nothing happens when it is another job's. */
  join(experimentId: string, key: JobKey): void;
}
