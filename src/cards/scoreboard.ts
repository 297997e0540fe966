import type { ExperimentRow } from '../core/experiment.ts';
import type { ScoreboardChart } from '../core/metrics.ts';

const ENDED: readonly string[] = ['completed', 'failed', 'cancelled', 'superseded'];

/** Experiments that ended, with their values of this metric. */
export function scoreboardOf(rows: readonly ExperimentRow[], metric: string): ScoreboardChart['entries'] {
  return rows
    .filter(({ status }) => ENDED.includes(status))
    .map((row) => {
      const value =
        row.objective_value === '' || row.objective_metric !== metric
          ? Number.NaN
          : Number(row.objective_value);
      return { label: row.experiment_id, status: row.status, value: Number.isFinite(value) ? value : null };
    });
}
