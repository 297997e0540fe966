/** The columns of the log, in the order in which their texts stand in a list from here on. */
const COLUMNS = [
  'experiment_id',
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
  'metrics_json',
  'hypothesis',
  'change_summary',
  'result_summary',
  'next_action',
  'started_at',
  'ended_at',
  'created_at',
  'updated_at',
  'owner',
  'notes',
];
/** The list of an object's texts, each as it was written. */
const list = (object: string) =>
  `'[' || ${COLUMNS.map((name) => `coalesce(${object} -> '$.${name}', '""')`).join(` || ',' || `)} || ']'`;

/**
 * A row's texts without the names of their columns; what the file holds of it, and its line there, where they are more than these
 * texts: else they are empty.
 */
export const SLIM_EXPERIMENTS = `
UPDATE experiments SET fields = ${list('fields')}, base = CASE WHEN base = fields THEN '' WHEN base IS NOT NULL THEN ${list('base')} END;
UPDATE experiments SET line = ''
  WHERE line = replace(substr(fields, 3, length(fields) - 4), '","', ',') || char(13, 10);
UPDATE experiment_versions SET fields = ${list('fields')};
`;
