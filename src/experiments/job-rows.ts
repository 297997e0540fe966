import { EXPERIMENT_COLUMNS, type ExperimentRow, experimentRow } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import { type Clock, isoSeconds } from '../core/time.ts';
import type { Session, StoredRow } from '../store/experiment-rows.ts';
import type { ExperimentStore } from '../store/experiments.ts';
import { experimentIdFor, fieldsFromJob, isMachineText, isPersonsStatus } from './from-job.ts';

/** Rows as jobs give to them. Each function tells whether a row changed; call them inside a transaction. */
export function createJobRows(store: ExperimentStore, session: Session, clock: Clock, ownQueue?: string) {
  /** Changes a row; false when every field holds that value already. */
  function change(row: StoredRow, values: Partial<ExperimentRow>): boolean {
    const isChange = Object.entries(values).some(
      ([column, value]) => row.fields[column as keyof ExperimentRow] !== value,
    );
    if (!isChange) return false;
    row.fields = { ...row.fields, ...values, updated_at: isoSeconds(clock()) };
    store.put(row);
    return true;
  }

  function update(row: StoredRow, job: JobRecord): boolean {
    const owner = row.fields.owner === '' && job.owner !== null ? { owner: job.owner } : {};
    return change(row, { ...fieldsFromJob(job, row.fields), ...owner });
  }

  return {
    change,

    /** Gives a job that changed to its row: its own, one that was written for it, or a new one. */
    takeUp(job: JobRecord): boolean {
      const known = store.ofJob(job);
      if (known) return update(known, job);
      const written = store.writtenFor(session, job.jobId, job.runDir);
      // One that says no run folder tells of the queue whose jobs go by their ids alone.
      const isOther = ownQueue !== undefined && job.queue !== ownQueue && written?.fields.run_dir === '';
      if (written && !isOther) {
        store.linkJob(written, job, undefined);
        return update(written, job);
      }
      const now = isoSeconds(clock());
      const experiment_id = experimentIdFor(job, (id) => store.row(session, id) !== undefined, ownQueue);
      const empty = experimentRow({
        experiment_id,
        created_at: now,
        updated_at: now,
        owner: job.owner ?? '',
      });
      store.add(session, { fields: { ...empty, ...fieldsFromJob(job, empty) }, extra: {} }, job);
      return true;
    },

    /** Makes a planned row the job's. Nothing of the row that the job had by itself is lost. */
    join(planned: StoredRow, key: JobKey): boolean {
      const own = store.ofJob(key);
      if (planned.job !== null || own?.id === planned.id) return false;
      store.linkJob(planned, key, own);
      if (own) change(planned, joined(planned.fields, own.fields));
      return true;
    },
  };
}

/** A planned row with what stood in the job's own: the plan's words first, the job's facts over the plan's. */
function joined(planned: ExperimentRow, own: ExperimentRow): Partial<ExperimentRow> {
  const { queue_job_id, task_key, config_path, run_dir, started_at, ended_at } = own;
  const facts = { queue_job_id, task_key, config_path, run_dir, started_at, ended_at };
  const fields: Partial<ExperimentRow> = isPersonsStatus(planned.status) ? {} : { status: own.status };
  for (const [column, value] of Object.entries(facts))
    if (value !== '') Object.assign(fields, { [column]: value });
  for (const column of EXPERIMENT_COLUMNS)
    if (planned[column] === '' && own[column] !== '') fields[column] = own[column];
  const texts = ['hypothesis', 'change_summary', 'result_summary', 'next_action', 'notes'] as const;
  const kept = texts
    .filter(
      (column) =>
        planned[column] !== '' && planned[column] !== own[column] && !isMachineText(column, own[column]),
    )
    .map((column) =>
      column === 'notes' ? own.notes : `[${column} of ${own.experiment_id} was: ${own[column]}]`,
    );
  if (kept.length > 0)
    fields.notes = [fields.notes ?? planned.notes, ...kept].filter((text) => text !== '').join('\n');
  return fields;
}
