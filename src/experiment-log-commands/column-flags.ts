import { EXPERIMENT_COLUMNS, type ExperimentColumn } from '../core/experiment.ts';

/** Which row it is, what has flags of its own, and what is written with every change. */
const OTHERS: readonly ExperimentColumn[] = ['experiment_id', 'metrics_json', 'created_at', 'updated_at'];

/** Flags that are a column each, as in the original script. */
export const COLUMN_FLAGS: readonly ExperimentColumn[] = EXPERIMENT_COLUMNS.filter(
  (column) => !OTHERS.includes(column),
);

/** `parent-experiment-id`. */
export function flagOf(column: string): string {
  return column.replaceAll('_', '-');
}
