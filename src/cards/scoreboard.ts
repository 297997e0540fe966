import type { ExperimentRow } from '../core/experiment.ts';
import type { ScoreboardChart } from '../core/metrics.ts';
import { valueIn } from '../core/objective.ts';

const ENDED: readonly string[] = ['completed', 'failed', 'cancelled', 'superseded'];

/** Experiments that ended, with their values of this metric. */
export function scoreboardOf(rows: readonly ExperimentRow[], metric: string): ScoreboardChart['entries'] {
  return rows
    .filter(({ status }) => ENDED.includes(status))
    .map((row) => ({
      label: row.experiment_id,
      status: row.status,
      value: valueIn(row, metric),
      task: row.task_key,
    }));
}
