import type { ExperimentColumn } from '../core/experiment.ts';

/** Flags that are a column each, as in the original script. */
export const COLUMN_FLAGS: readonly ExperimentColumn[] = [
  'parent_experiment_id',
  'queue_job_id',
  'status',
  'task_key',
  'command',
  'config_path',
  'run_dir',
  'objective_metric',
  'objective_mode',
  'objective_value',
  'hypothesis',
  'change_summary',
  'result_summary',
  'next_action',
  'started_at',
  'ended_at',
  'owner',
  'notes',
];

/** `parent-experiment-id`. */
export function flagOf(column: string): string {
  return column.replaceAll('_', '-');
}
