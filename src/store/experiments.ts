import type { ExperimentLogRow, ExperimentRow, Objective } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import { parseValue } from '../core/objective.ts';
import type { Slices } from '../core/slices.ts';
import type { Db } from './db.ts';
import {
  type After,
  createExperimentPages,
  IN_ORDER,
  LAST_TIME,
  PAGE_AFTER,
  type Placed,
  pagesOf,
} from './experiment-pages.ts';
import {
  fieldsText,
  keptLine,
  LINE,
  type Row,
  rowsWhere,
  type Session,
  type StoredRow,
  stored,
  textIn,
} from './experiment-rows.ts';
import { createExperimentTexts } from './experiment-texts.ts';
import { createExperimentVersions } from './experiment-versions.ts';
import { createRemarkStore } from './remarks.ts';

/** When a row's run ran, and on how many GPUs; null: unknown, or no job of ours. */
export interface RunSpan {
  status: string;
  started_at: string;
  ended_at: string;
  gpus: number | null;
  /** Of an array, plain JSON. */
  times?: string | null;
}

/** What runs that are over have taken. */
export interface SpentBefore {
  /** Those that began. */
  runs: number;
  gpuSeconds: number;
}

/** How rows become the text of a file: its first line, and a line a row. */
export interface LineFormat {
  header(extraColumns: readonly string[]): string;
  row(row: ExperimentLogRow, extraColumns: readonly string[]): string;
}

/** Experiments of sessions. A row's line of the file is kept ready, so that a file of many rows costs no formatting. */
export function createExperimentStore(db: Db, format: LineFormat) {
  const extraColumns = db
    .prepare<[number], string>('SELECT extra_columns FROM sessions WHERE id = ?')
    .pluck();
  const setExtraColumns = db.prepare('UPDATE sessions SET extra_columns = ? WHERE id = ?');
  const insert = db.prepare(
    `INSERT INTO experiments
       (session, experiment_id, position, status, queue, job_id, enqueued_at, queue_job_id, objective_metric,
        objective_value, fields, extra, line, base, extra_base, base_copy)
     VALUES
       (@session, @experiment_id, coalesce((SELECT max(position) FROM experiments WHERE session = @session), 0) + 1,
        @status, @queue, @jobId, @enqueuedAt, @queue_job_id, @objective_metric, @objective, @text, @extraText, ${keptLine('@line', '@text')},
        @base, @extraBase, @copy)`,
  );
  const update = db.prepare(
    `UPDATE experiments SET status = @status, queue_job_id = @queue_job_id, objective_metric = @objective_metric,
       objective_value = @objective, fields = @text, extra = @extraText, line = ${keptLine('@line', '@text')},
       base = CASE WHEN base = '' AND fields <> @text THEN fields ELSE base END
     WHERE id = @id`,
  );
  const move = db.prepare('UPDATE experiments SET position = ? WHERE id = ? AND position <> ?');
  const link = db.prepare('UPDATE experiments SET queue = ?, job_id = ?, enqueued_at = ? WHERE id = ?');
  const replace = db.prepare(
    'UPDATE experiments SET replaced = 1, queue = NULL, job_id = NULL, enqueued_at = NULL WHERE id = ?',
  );
  const restore = db.prepare('UPDATE experiments SET replaced = 0 WHERE id = ?');
  const all = rowsWhere<[number]>(db, 'session = ? AND replaced = 0 ORDER BY position');
  const count = db
    .prepare<[number], number>('SELECT count(*) FROM experiments WHERE session = ? AND replaced = 0')
    .pluck();
  const newest = rowsWhere<[number, number]>(
    db,
    'session = ? AND replaced = 0 ORDER BY position DESC LIMIT ?',
  );
  const newestHypotheses = rowsWhere<[number, number]>(
    db,
    `session = ? AND replaced = 0 AND ${textIn('hypothesis')} <> '' ORDER BY position DESC LIMIT ?`,
  );
  const bestBy = (order: 'ASC' | 'DESC') =>
    rowsWhere<[number, string, string, string]>(
      db,
      `session = ? AND objective_metric = ? AND objective_value IS NOT NULL AND status = 'completed' AND replaced = 0
       AND experiment_id <> ? AND ${textIn('ended_at')} < ?
       ORDER BY objective_value ${order}, position LIMIT 1`,
    );
  const best = { min: bestBy('ASC'), max: bestBy('DESC') };
  const one = rowsWhere<[number, string]>(db, 'session = ? AND experiment_id = ?');
  const ofJobId = rowsWhere<[number, string]>(
    db,
    'session = ? AND queue_job_id = ? AND replaced = 0 ORDER BY queue IS NULL, enqueued_at DESC, position DESC LIMIT 1',
  );
  const newestIds = db
    .prepare<[number, number], string>(
      'SELECT experiment_id FROM experiments WHERE session = ? AND replaced = 0 ORDER BY position DESC LIMIT ?',
    )
    .pluck();
  const parentOf = db
    .prepare<[number, string], string>(
      `SELECT ${textIn('parent_experiment_id')} FROM experiments WHERE session = ? AND experiment_id = ?`,
    )
    .pluck();
  const highestPlan = db
    .prepare<[], number | null>(
      `SELECT max(CAST(substr(experiment_id, 6) AS INTEGER)) FROM experiments
       WHERE experiment_id GLOB 'plan-[1-9]*' AND experiment_id NOT GLOB 'plan-*[^0-9]*' AND length(experiment_id) < 15`,
    )
    .pluck();
  const ofJob = rowsWhere<[string, string, number]>(db, 'queue = ? AND job_id = ? AND enqueued_at = ?');
  const unfinished = db
    .prepare<[], number>(
      "SELECT DISTINCT session FROM experiments WHERE queue IS NOT NULL AND status IN ('queued', 'running')",
    )
    .pluck();
  const writtenFor = rowsWhere<[number, string, string]>(
    db,
    `session = ? AND queue_job_id = ? AND queue IS NULL AND replaced = 0
     AND ${textIn('run_dir')} IN ('', ?)`,
  );
  const withObjective = rowsWhere<[number]>(
    db,
    `session = ? AND replaced = 0 AND objective_metric <> '' AND ${textIn('objective_mode')} IN ('min', 'max')
     ORDER BY position LIMIT 1`,
  );
  const spans = db.prepare<[number], RunSpan>(
    `SELECT CASE WHEN j.removed = 1 AND j.status IN ('queued', 'running') THEN 'gone' ELSE e.status END AS status,
       ${textIn('started_at', 'e.fields')} AS started_at,
       ${textIn('ended_at', 'e.fields')} AS ended_at, j.gpus,
       j.body ->> '$.tasks.times' AS times
     FROM experiments e LEFT JOIN jobs j USING (queue, job_id, enqueued_at)
     WHERE e.session = ? AND e.replaced = 0 AND e.status IN ('queued', 'running')
       AND (e.status = 'queued' OR ${textIn('started_at', 'e.fields')} <> '')`,
  );
  const spent = db.prepare<[number], SpentBefore>(
    'SELECT runs, gpu_seconds AS gpuSeconds FROM session_spent WHERE session = ?',
  );
  const orderAfter = db.prepare<After, Placed & { experiment_id: string }>(
    `SELECT e.position, e.id, e.experiment_id FROM experiments e WHERE ${PAGE_AFTER} ${IN_ORDER}`,
  );
  const lines = db
    .prepare<[number], string>(
      `SELECT ${LINE} FROM experiments WHERE session = ? AND replaced = 0 ORDER BY position`,
    )
    .pluck();
  const byQueueJob = rowsWhere<[number, string, string]>(
    db,
    `session = ? AND queue_job_id = ? AND queue IS NOT NULL AND replaced = 0
     AND ${textIn('run_dir')} IN ('', ?)`,
  );
  const extrasOf = (session: number): string[] => JSON.parse(extraColumns.get(session) ?? '[]') as string[];

  /** A row's columns in the database that follow from its text. */
  function columnsOf(session: number, { fields, extra }: ExperimentLogRow) {
    const { experiment_id, status, queue_job_id, objective_metric, objective_value } = fields;
    const value = parseValue(objective_value) ?? Number.NaN;
    return {
      experiment_id,
      status,
      queue_job_id,
      objective_metric,
      objective: Number.isFinite(value) ? value : null,
      text: fieldsText(fields),
      extraText: JSON.stringify(extra),
      line: format.row({ fields, extra }, extrasOf(session)),
    };
  }

  const csv = ({ id }: Session): string => format.header(extrasOf(id)) + lines.all(id).join('');
  const found = (row: Row | undefined): StoredRow | undefined => row && stored(row);

  return {
    ...createExperimentPages(db),
    ...createExperimentTexts(db),
    ...createExperimentVersions(db, ({ id }) => format.header(extrasOf(id))),
    remarks: createRemarkStore(db),
    transaction: <T>(work: () => T): T => (db.inTransaction ? work() : db.transaction(work).immediate()),
    extraColumns: ({ id }: Session): string[] => extrasOf(id),
    setExtraColumns({ id }: Session, names: readonly string[]): void {
      setExtraColumns.run(JSON.stringify(names), id);
      for (const each of all.all(id).map(stored)) this.put(each);
    },
    /** In the order of the file. */
    rows: ({ id }: Session): StoredRow[] => all.all(id).map(stored),
    count: ({ id }: Session): number => count.get(id) ?? 0,
    /** The last rows of the file, last first. */
    newest: ({ id }: Session, limit: number, withHypothesis: boolean): StoredRow[] =>
      (withHypothesis ? newestHypotheses : newest).all(id, limit).map(stored),
    /** The completed row with the best value of the objective; the first of equals. */
    best: ({ id }: Session, { metric, mode }: Objective): StoredRow | undefined =>
      found(best[mode].get(id, metric, '', LAST_TIME)),
    /** The same among those that had ended before this time (`2026-11-23T15:24:04Z`; empty: whenever), but for one. */
    bestBefore: (
      { id }: Session,
      { metric, mode }: Objective,
      besides: string,
      endedAt: string,
    ): StoredRow | undefined => found(best[mode].get(id, metric, besides, endedAt || LAST_TIME)),
    row: ({ id }: Session, experimentId: string): StoredRow | undefined => found(one.get(id, experimentId)),
    /** The row of the job with this id, the newest of several; one that only names it where no job of ours has it. */
    ofJobId: ({ id }: Session, jobId: string): StoredRow | undefined => found(ofJobId.get(id, jobId)),
    /** Newest first. */
    newestIds: ({ id }: Session, limit: number): string[] => newestIds.all(id, limit),
    /** Its parent's id; undefined where there is no such row or it has none. */
    parentOf: ({ id }: Session, experimentId: string): string | undefined =>
      parentOf.get(id, experimentId) || undefined,
    /** The highest number of a `plan-N`, in whatever session; 0 without one. */
    highestPlan: (): number => highestPlan.get() ?? 0,
    /** A job's row, of whatever session. */
    ofJob: ({ queue, jobId, enqueuedAt }: JobKey): StoredRow | undefined =>
      found(ofJob.get(queue, jobId, enqueuedAt)),
    /** The first row that says what it is measured by. */
    firstWithObjective: ({ id }: Session): ExperimentRow | undefined => found(withObjective.get(id))?.fields,
    /** From when on the session's runs go on that are not over, and those that wait. */
    spans: ({ id }: Session): RunSpan[] => spans.all(id),
    /** What its runs have taken that are over. */
    spent: ({ id }: Session): SpentBefore => spent.get(id) ?? { runs: 0, gpuSeconds: 0 },
    /** Sessions with a run that has not ended. */
    unfinished: (): number[] => unfinished.all(),
    /** A row that somebody wrote about this job: it names its id, and its run folder or none. */
    writtenFor({ id }: Session, jobId: string, runDir: string): StoredRow | undefined {
      return found(writtenFor.get(id, jobId, runDir));
    },
    /** Puts a row behind the others, and returns its number; `copy`, of the file, when it was read there. */
    add(
      { id }: Session,
      row: ExperimentLogRow,
      job: JobKey | null,
      copy: string | null = null,
    ): Pick<StoredRow, 'id'> {
      const { queue = null, jobId = null, enqueuedAt = null } = job ?? {};
      const values = columnsOf(id, row);
      const agreed =
        copy !== null
          ? { base: '', extraBase: values.extraText, copy }
          : { base: null, extraBase: '{}', copy };
      const { lastInsertRowid } = insert.run({ ...values, session: id, queue, jobId, enqueuedAt, ...agreed });
      return { id: Number(lastInsertRowid) };
    },
    put({ id, session, ...row }: Pick<StoredRow, 'id' | 'session' | 'fields' | 'extra'>): void {
      update.run({ ...columnsOf(session, row), id });
    },
    /** Brings the rows into this order; those not named follow as they stood. */
    *arrange({ id }: Session, experimentIds: Iterable<string>): Slices<void> {
      const rank = new Map<string, number>();
      for (const each of experimentIds) {
        rank.set(each, rank.size);
        yield;
      }
      const named: number[] = [];
      const others: number[] = [];
      let [last, isInOrder] = [-1, true];
      for (const rows of pagesOf(orderAfter, { id })) {
        for (const { id: rowId, experiment_id } of rows) {
          const at = rank.get(experiment_id) ?? rank.size;
          if (at < rank.size) named[at] = rowId;
          else others.push(rowId);
          isInOrder &&= at >= last;
          last = at;
        }
        yield;
      }
      if (isInOrder) return;
      let position = 0;
      for (const rowId of [...named, ...others]) {
        yield;
        // Not every experiment of the file need have a row of its own.
        if (rowId === undefined) continue;
        position += 1;
        move.run(position, rowId, position);
      }
    },
    /** The row is about this job from now on; a row that the job had by itself gives way to it. */
    linkJob({ id }: StoredRow, job: JobKey, instead: StoredRow | undefined): void {
      if (instead) replace.run(instead.id);
      link.run(job.queue, job.jobId, job.enqueuedAt, id);
    },
    restore: ({ id }: StoredRow) => void restore.run(id),
    /** The session's CSV. */
    csv,
    /** The row of a job, by what a file says of it. */
    ofQueueJob: ({ id }: Session, queueJobId: string, runDir: string): StoredRow | undefined =>
      found(byQueueJob.get(id, queueJobId, runDir)),
  };
}

export type ExperimentStore = ReturnType<typeof createExperimentStore>;
