import type { ExperimentLogRow, ExperimentRow, LaunchedRow, Objective } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import { parseValue } from '../core/objective.ts';
import type { Db } from './db.ts';
import { createRemarkStore } from './remarks.ts';
import type { Session as WholeSession } from './sessions.ts';

/** All that rows need to know of theirs. */
export type Session = Pick<WholeSession, 'id'>;

export interface StoredRow extends ExperimentLogRow {
  id: number;
  /** The session's number. */
  session: number;
  job: JobKey | null;
  /** The row as the file and the database last agreed on it; null before they did. */
  base: ExperimentRow | null;
  /** What stood in columns that somebody added, then. */
  extraBase: Record<string, string>;
  /** The copy of the file that this state was read in, by `copyOf`; null for one that we have written. */
  baseCopy: string | null;
  /** A planned row has taken its place: it is in no list and no file, but known, should a file still hold it. */
  replaced: boolean;
}

/** What a comparison with a file needs of a row, as it is stored. */
export interface RowText {
  experiment_id: string;
  base: string | null;
  extra: string;
  replaced: number;
}

/** A state of a row that the file has held. */
export interface OlderState extends ExperimentLogRow {
  /** The copy of the file that it was read in; null for one that we had written. */
  copy: string | null;
}

/** A state of a row, as it is stored. */
interface StateText {
  fields: string;
  extra: string;
}

/** When a row's run ran, and on how many GPUs; null: unknown, or no job of ours. */
export interface RunSpan {
  status: string;
  started_at: string;
  ended_at: string;
  gpus: number | null;
}

type LaunchedText = Pick<Row, 'fields' | 'queue' | 'job_id' | 'enqueued_at'> & {
  preset: string | null;
  assignments: string | null;
};

interface Row extends RowText {
  id: number;
  extra_base: string;
  base_copy: string | null;
  session: number;
  queue: string | null;
  job_id: string | null;
  enqueued_at: number | null;
  fields: string;
}

/** Behind every time that the log may hold, as text. */
const LAST_TIME = '~';

/** How long older states of rows are kept, to tell what a file that comes back late was made from: 30 days. */
const VERSIONS_KEPT_MS = 30 * 24 * 3_600_000;

/** How rows become the text of a file: its first line, and a line a row. */
export interface LineFormat {
  header(extraColumns: readonly string[]): string;
  row(row: ExperimentLogRow, extraColumns: readonly string[]): string;
}

/** Experiments of sessions. A row's line of the file is kept ready, so that a file of many rows costs no formatting. */
export function createExperimentStore(db: Db, format: LineFormat) {
  const columns =
    'id, session, experiment_id, queue, job_id, enqueued_at, fields, extra, base, extra_base, base_copy, replaced';
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
        @status, @queue, @jobId, @enqueuedAt, @queue_job_id, @objective_metric, @objective, @text, @extraText, @line,
        @base, @extraBase, @copy)`,
  );
  const update = db.prepare(
    `UPDATE experiments SET status = @status, queue_job_id = @queue_job_id, objective_metric = @objective_metric,
       objective_value = @objective, fields = @text, extra = @extraText, line = @line
     WHERE id = @id`,
  );
  const move = db.prepare('UPDATE experiments SET position = ? WHERE id = ?');
  const link = db.prepare('UPDATE experiments SET queue = ?, job_id = ?, enqueued_at = ? WHERE id = ?');
  const replace = db.prepare(
    'UPDATE experiments SET replaced = 1, queue = NULL, job_id = NULL, enqueued_at = NULL WHERE id = ?',
  );
  const restore = db.prepare('UPDATE experiments SET replaced = 0 WHERE id = ?');
  const rowsWhere = <P extends unknown[]>(where: string) =>
    db.prepare<P, Row>(`SELECT ${columns} FROM experiments WHERE ${where}`);
  const all = rowsWhere<[number]>('session = ? AND replaced = 0 ORDER BY position');
  const count = db
    .prepare<[number], number>('SELECT count(*) FROM experiments WHERE session = ? AND replaced = 0')
    .pluck();
  const newest = rowsWhere<[number, number, number]>(
    `session = ? AND replaced = 0 AND (? = 0 OR json_extract(fields, '$.hypothesis') <> '')
     ORDER BY position DESC LIMIT ?`,
  );
  const bestBy = (order: 'ASC' | 'DESC') =>
    rowsWhere<[number, string, string, string]>(
      `session = ? AND objective_metric = ? AND objective_value IS NOT NULL AND status = 'completed' AND replaced = 0
       AND experiment_id <> ? AND json_extract(fields, '$.ended_at') < ?
       ORDER BY objective_value ${order}, position LIMIT 1`,
    );
  const best = { min: bestBy('ASC'), max: bestBy('DESC') };
  const one = rowsWhere<[number, string]>('session = ? AND experiment_id = ?');
  const ofJobId = rowsWhere<[number, string]>(
    'session = ? AND queue_job_id = ? AND replaced = 0 ORDER BY queue IS NULL, enqueued_at DESC, position DESC LIMIT 1',
  );
  const newestIds = db
    .prepare<[number, number], string>(
      'SELECT experiment_id FROM experiments WHERE session = ? AND replaced = 0 ORDER BY position DESC LIMIT ?',
    )
    .pluck();
  const parentOf = db
    .prepare<[number, string], string>(
      `SELECT json_extract(fields, '$.parent_experiment_id') FROM experiments WHERE session = ? AND experiment_id = ?`,
    )
    .pluck();
  const highestPlan = db
    .prepare<[], number | null>(
      `SELECT max(CAST(substr(experiment_id, 6) AS INTEGER)) FROM experiments
       WHERE experiment_id GLOB 'plan-[1-9]*' AND experiment_id NOT GLOB 'plan-*[^0-9]*' AND length(experiment_id) < 15`,
    )
    .pluck();
  const ofJob = rowsWhere<[string, string, number]>('queue = ? AND job_id = ? AND enqueued_at = ?');
  const unfinished = db
    .prepare<[], number>(
      "SELECT DISTINCT session FROM experiments WHERE queue IS NOT NULL AND status IN ('queued', 'running')",
    )
    .pluck();
  const writtenFor = rowsWhere<[number, string, string]>(
    `session = ? AND queue_job_id = ? AND queue IS NULL AND replaced = 0
     AND json_extract(fields, '$.run_dir') IN ('', ?)`,
  );
  const unjudged = rowsWhere<[number]>(
    `session = ? AND replaced = 0 AND status IN ('completed', 'failed')
     AND json_extract(fields, '$.hypothesis') <> '' ORDER BY json_extract(fields, '$.ended_at') DESC, position DESC`,
  );
  const withObjective = rowsWhere<[number]>(
    `session = ? AND replaced = 0 AND objective_metric <> '' AND json_extract(fields, '$.objective_mode') IN ('min', 'max')
     ORDER BY position LIMIT 1`,
  );
  const updatedSince = rowsWhere<[number, string]>(
    `session = ? AND replaced = 0 AND json_extract(fields, '$.updated_at') >= ?
     ORDER BY json_extract(fields, '$.updated_at') DESC`,
  );
  const endedSince = rowsWhere<[number, string]>(
    `session = ? AND replaced = 0 AND json_extract(fields, '$.started_at') <> ''
     AND json_extract(fields, '$.ended_at') >= ? ORDER BY json_extract(fields, '$.ended_at') DESC, position DESC`,
  );
  const spans = db.prepare<[number], RunSpan>(
    `SELECT CASE WHEN j.removed = 1 AND j.status IN ('queued', 'running') THEN 'gone' ELSE e.status END AS status,
       json_extract(e.fields, '$.started_at') AS started_at,
       json_extract(e.fields, '$.ended_at') AS ended_at, j.gpus
     FROM experiments e LEFT JOIN jobs j USING (queue, job_id, enqueued_at)
     WHERE e.session = ? AND e.replaced = 0
       AND (e.status = 'queued' OR json_extract(e.fields, '$.started_at') <> '')`,
  );
  const withLaunches = db.prepare<[number], LaunchedText>(
    `SELECT e.fields, e.queue, e.job_id, e.enqueued_at, coalesce(l.preset, p.preset) AS preset,
       coalesce(l.assignments, p.assignments) AS assignments, max(l.id)
     FROM experiments e
     LEFT JOIN launches l USING (queue, job_id, enqueued_at)
     LEFT JOIN plans p ON p.session = e.session AND p.experiment_id = e.experiment_id
     WHERE e.session = ? AND e.replaced = 0 GROUP BY e.position, e.id ORDER BY e.position`,
  );
  const texts = db.prepare<[number], RowText>(
    'SELECT experiment_id, base, extra, replaced FROM experiments WHERE session = ?',
  );
  const order = db
    .prepare<[number], [number, string]>(
      'SELECT id, experiment_id FROM experiments WHERE session = ? AND replaced = 0 ORDER BY position',
    )
    .raw();
  const lines = db
    .prepare<[number], string>(
      'SELECT line FROM experiments WHERE session = ? AND replaced = 0 ORDER BY position',
    )
    .pluck();
  const behind = db.prepare<[number], { id: number; fields: string; extra: string }>(
    'SELECT id, fields, extra FROM experiments WHERE session = ? AND replaced = 0 AND (base IS NOT fields OR extra_base <> extra)',
  );
  const keepVersion = db.prepare(
    `INSERT INTO experiment_versions (experiment, fields, extra, updated_at, superseded_at, copy)
     SELECT id, base, extra_base, json_extract(base, '$.updated_at'), @at, base_copy FROM experiments
     WHERE id = @id AND base IS NOT NULL AND (base <> @fields OR extra_base <> @extra)`,
  );
  const setBase = db.prepare(
    'UPDATE experiments SET base = @fields, extra_base = @extra, base_copy = @copy WHERE id = @id',
  );
  const versionsOfCopy = db.prepare<[number, string], StateText>(
    'SELECT fields, extra FROM experiment_versions WHERE experiment = ? AND updated_at = ? ORDER BY superseded_at DESC',
  );
  const versionsSince = db.prepare<[number, number], StateText & { copy: string | null }>(
    `SELECT fields, extra, copy FROM experiment_versions WHERE experiment = ? AND superseded_at >= ?
     ORDER BY superseded_at DESC, rowid DESC`,
  );
  const stoodSo = db
    .prepare<{ session: number; id: string; fields: string }, number>(
      `SELECT 1 FROM experiments e WHERE session = @session AND experiment_id = @id AND (
         base = @fields OR EXISTS (SELECT 1 FROM experiment_versions WHERE experiment = e.id AND fields = @fields)
       )`,
    )
    .pluck();
  const byQueueJob = rowsWhere<[number, string, string]>(
    `session = ? AND queue_job_id = ? AND queue IS NOT NULL AND replaced = 0
     AND json_extract(fields, '$.run_dir') IN ('', ?)`,
  );
  const versionAt = db
    .prepare<[number, number], string>(
      'SELECT fields FROM experiment_versions WHERE experiment = ? AND superseded_at > ? ORDER BY superseded_at, rowid LIMIT 1',
    )
    .pluck();
  const forgetVersions = db.prepare('DELETE FROM experiment_versions WHERE superseded_at < ?');
  const scrub = db.prepare(
    'UPDATE experiment_versions SET fields = replace(fields, ?, ?) WHERE experiment = ?',
  );
  const stored = (row: Row): StoredRow => ({
    id: row.id,
    session: row.session,
    job: row.queue === null ? null : { queue: row.queue, jobId: row.job_id!, enqueuedAt: row.enqueued_at! },
    fields: JSON.parse(row.fields) as ExperimentRow,
    extra: JSON.parse(row.extra) as Record<string, string>,
    base: row.base === null ? null : (JSON.parse(row.base) as ExperimentRow),
    extraBase: JSON.parse(row.extra_base) as Record<string, string>,
    baseCopy: row.base_copy,
    replaced: row.replaced === 1,
  });
  const found = (row: Row | undefined): StoredRow | undefined => row && stored(row);
  const row = (text: string): ExperimentRow => JSON.parse(text) as ExperimentRow;
  const state = ({ fields, extra }: StateText): ExperimentLogRow => ({
    fields: row(fields),
    extra: JSON.parse(extra) as Record<string, string>,
  });
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
      text: JSON.stringify(fields),
      extraText: JSON.stringify(extra),
      line: format.row({ fields, extra }, extrasOf(session)),
    };
  }

  return {
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
      newest.all(id, withHypothesis ? 1 : 0, limit).map(stored),
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
    /** Every row, replaced ones too, by id. */
    texts: ({ id }: Session): Map<string, RowText> =>
      new Map(texts.all(id).map((each) => [each.experiment_id, each])),
    /** A job's row, of whatever session. */
    ofJob: ({ queue, jobId, enqueuedAt }: JobKey): StoredRow | undefined =>
      found(ofJob.get(queue, jobId, enqueuedAt)),
    /** Rows of ended jobs with a hypothesis, the latest end first. */
    endedWithHypothesis: ({ id }: Session): StoredRow[] => unjudged.all(id).map(stored),
    /** The first row that says what it is measured by. */
    firstWithObjective: ({ id }: Session): ExperimentRow | undefined => found(withObjective.get(id))?.fields,
    /** Rows that changed since a time of the log's form, the last change first. */
    updatedSince: ({ id }: Session, time: string): StoredRow[] => updatedSince.all(id, time).map(stored),
    /** Rows of runs that ended since a time of the log's form, the last end first. */
    endedSince: ({ id }: Session, time: string): StoredRow[] => endedSince.all(id, time).map(stored),
    /** From when to when the session's runs ran, and those that wait. */
    withLaunches: ({ id }: Session): LaunchedRow[] =>
      withLaunches.all(id).map(({ fields, queue, job_id, enqueued_at, preset, assignments }) => ({
        row: row(fields),
        job: queue === null ? null : { queue, jobId: job_id!, enqueuedAt: enqueued_at! },
        launch:
          preset === null
            ? null
            : { preset, assignments: JSON.parse(assignments!) as Record<string, string> },
      })),
    spans: ({ id }: Session): RunSpan[] => spans.all(id),
    /** Sessions with a run that has not ended. */
    unfinished: (): number[] => unfinished.all(),
    /** A row that somebody wrote about this job: it names its id, and its run folder or none. */
    writtenFor({ id }: Session, jobId: string, runDir: string): StoredRow | undefined {
      return found(writtenFor.get(id, jobId, runDir));
    },
    /** Puts a row behind the others; `copy`, of the file, when it was read there. */
    add({ id }: Session, row: ExperimentLogRow, job: JobKey | null, copy: string | null = null): void {
      const { queue = null, jobId = null, enqueuedAt = null } = job ?? {};
      const values = columnsOf(id, row);
      const agreed =
        copy !== null
          ? { base: values.text, extraBase: values.extraText, copy }
          : { base: null, extraBase: '{}', copy };
      insert.run({ ...values, session: id, queue, jobId, enqueuedAt, ...agreed });
    },
    put({ id, session, ...row }: Pick<StoredRow, 'id' | 'session' | 'fields' | 'extra'>): void {
      update.run({ ...columnsOf(session, row), id });
    },
    /** Brings the rows into this order; those not named follow as they stood. */
    arrange({ id }: Session, experimentIds: readonly string[]): void {
      const rank = new Map(experimentIds.map((each, index) => [each, index]));
      const rankOf = (experimentId: string) => rank.get(experimentId) ?? rank.size;
      const now = order.all(id);
      const wanted = now.toSorted((a, b) => rankOf(a[1]) - rankOf(b[1]));
      if (wanted.every((each, index) => each === now[index])) return;
      for (const [index, [rowId]] of wanted.entries()) move.run(index + 1, rowId);
    },
    /** The row is about this job from now on; a row that the job had by itself gives way to it. */
    linkJob({ id }: StoredRow, job: JobKey, instead: StoredRow | undefined): void {
      if (instead) replace.run(instead.id);
      link.run(job.queue, job.jobId, job.enqueuedAt, id);
    },
    restore: ({ id }: StoredRow) => void restore.run(id),
    /** The session's CSV. */
    csv: ({ id }: Session): string => format.header(extrasOf(id)) + lines.all(id).join(''),
    /**
     * The session's CSV, and a function to call once exactly this text is in the file: both sides then agree on it,
     * whatever has changed here since.
     */
    snapshot(session: Session): { text: string; agree(now: number): void } {
      const text = this.csv(session);
      const changed = behind.all(session.id);
      const agree = db.transaction((at: number) => {
        for (const { id, fields, extra } of changed) {
          keepVersion.run({ id, fields, extra, at });
          setBase.run({ id, fields, extra, copy: null });
        }
        if (changed.length > 0) forgetVersions.run(at - VERSIONS_KEPT_MS);
      });
      return { text, agree };
    },
    /** The file holds this as the row, and we have read it, in this copy, at this time (epoch ms). */
    setBase({ id }: StoredRow, row: ExperimentLogRow, at: number, copy: string): void {
      const texts = { id, fields: JSON.stringify(row.fields), extra: JSON.stringify(row.extra) };
      keepVersion.run({ ...texts, at });
      setBase.run({ ...texts, copy });
    },
    /** Whether the file has, or had, exactly this as a row. */
    stoodSo: ({ id: session }: Session, fields: ExperimentRow): boolean =>
      stoodSo.get({ session, id: fields.experiment_id, fields: JSON.stringify(fields) }) !== undefined,
    /** The row of a job, by what a file says of it. */
    ofQueueJob: ({ id }: Session, queueJobId: string, runDir: string): StoredRow | undefined =>
      found(byQueueJob.get(id, queueJobId, runDir)),
    /** Older states of a row that had this `updated_at` in the file. */
    versionsOfCopy: ({ id }: StoredRow, updatedAt: string) => versionsOfCopy.all(id, updatedAt).map(state),
    /** Older states of a row that stood in the file until after this time (epoch ms), the latest first. */
    versionsSince: ({ id }: StoredRow, time: number): OlderState[] =>
      versionsSince.all(id, time).map((each) => ({ ...state(each), copy: each.copy })),
    /** The row as the file held it at a time (epoch ms, within the last 30 days); null before it was there. */
    stateAt({ id, base }: StoredRow, time: number): ExperimentRow | null {
      const fields = versionAt.get(id, time);
      return fields === undefined ? base : row(fields);
    },
    /** Takes a text out of the older states of a row. */
    scrub({ id }: StoredRow, text: string, instead: string): void {
      scrub.run(JSON.stringify(text).slice(1, -1), JSON.stringify(instead).slice(1, -1), id);
    },
  };
}

export type ExperimentStore = ReturnType<typeof createExperimentStore>;
