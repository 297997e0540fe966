import type { JobKey } from '../core/job.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';
import { nextNumber } from './numbering.ts';

export interface Launch {
  id: number;
  preset: string;
  assignments: Record<string, string>;
  personId: string;
  /** The session's number; null: the one in use. */
  session: number | null;
  experimentId: string | null;
  hypothesis: string | null;
  expected: string | null;
  parent: string | null;
  /** Epoch milliseconds. */
  startedAt: number;
  /** When its job was queued, by which that is told from others of its id, epoch seconds; null: the database does not know it. */
  enqueuedAt: number | null;
  /** What the launcher named before the database knew the job. */
  job: { jobId: string; runDir: string } | null;
}

interface LaunchRow {
  id: number;
  preset: string;
  assignments: string;
  person: string;
  session: number | null;
  experiment_id: string | null;
  hypothesis: string | null;
  expected: string | null;
  parent: string | null;
  started_at: number;
  enqueued_at: number | null;
  job_id: string | null;
  run_dir: string | null;
}

/**
 * What was launched from chat, by whom and with what: written before the launcher starts. States: `launching`; `queued`,
 * with the job's whole key once the database knows it; `failed`; `interrupted` when the process ended meanwhile.
 */
export function createLaunchStore(db: Db, clock: Clock) {
  const columns = `id, preset, assignments, person, session, experiment_id, hypothesis, expected, parent, started_at, enqueued_at,
    job_id, run_dir`;
  const insert = db.prepare(
    `INSERT INTO launches
       (id, queue, preset, assignments, person, session, experiment_id, hypothesis, expected, parent, started_at, state)
     VALUES (${nextNumber('launches')}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'launching')`,
  );
  const answered = db.prepare(`UPDATE launches SET state = 'queued', job_id = ?, run_dir = ? WHERE id = ?`);
  const queued = db.prepare(
    `UPDATE launches SET state = 'queued', job_id = ?, enqueued_at = ?, run_dir = ? WHERE id = ?`,
  );
  const failed = db.prepare(`UPDATE launches SET state = 'failed' WHERE id = ?`);
  const setExperiment = db.prepare('UPDATE launches SET experiment_id = ? WHERE id = ?');
  const byId = db.prepare<[number], LaunchRow>(`SELECT ${columns} FROM launches WHERE id = ?`);
  // What its queue put back has its id and its run folder, which no job of another launch has both of.
  const byJob = db.prepare<JobKey, LaunchRow>(
    `SELECT ${columns} FROM launches
     WHERE queue = @queue AND job_id = @jobId
       AND (enqueued_at = @enqueuedAt
         OR (enqueued_at < @enqueuedAt
           AND run_dir = (SELECT body ->> '$.runDir' FROM jobs
             WHERE queue = @queue AND job_id = @jobId AND enqueued_at = @enqueuedAt AND body ->> '$.restarts' > 0)))
     ORDER BY enqueued_at DESC, id DESC LIMIT 1`,
  );
  const underWay = db.prepare<[string, number, string, number], LaunchRow>(
    `SELECT ${columns} FROM launches
     WHERE queue = ? AND session = ? AND experiment_id = ? AND enqueued_at IS NULL
       AND (state = 'launching' OR (state = 'queued' AND started_at >= ?))`,
  );
  const interrupted = db.prepare<[string, number], LaunchRow>(
    `UPDATE launches SET state = 'interrupted' WHERE queue = ? AND state = 'launching' AND started_at < ? RETURNING ${columns}`,
  );
  const open = db.prepare<[string, number], LaunchRow>(
    `SELECT ${columns} FROM launches
     WHERE queue = ? AND enqueued_at IS NULL AND state IN ('interrupted', 'queued') AND started_at >= ? ORDER BY id`,
  );
  const launch = (row: LaunchRow): Launch => ({
    id: row.id,
    preset: row.preset,
    assignments: JSON.parse(row.assignments) as Record<string, string>,
    personId: row.person,
    session: row.session,
    experimentId: row.experiment_id,
    hypothesis: row.hypothesis,
    expected: row.expected,
    parent: row.parent,
    startedAt: row.started_at,
    enqueuedAt: row.enqueued_at,
    job: row.job_id === null || row.run_dir === null ? null : { jobId: row.job_id, runDir: row.run_dir },
  });
  const found = (row: LaunchRow | undefined): Launch | undefined => row && launch(row);

  return {
    transaction: <T>(work: () => T): T => (db.inTransaction ? work() : db.transaction(work).immediate()),
    begin(queue: string, values: Omit<Launch, 'id' | 'startedAt' | 'enqueuedAt' | 'job'>): Launch {
      const { preset, assignments, personId, session, experimentId, hypothesis, expected, parent } = values;
      const settings = JSON.stringify(assignments);
      const about = [session, experimentId, hypothesis, expected, parent];
      const { lastInsertRowid } = insert.run(queue, preset, settings, personId, ...about, clock());
      return launch(byId.get(Number(lastInsertRowid))!);
    },
    /** The launcher named its job, which the database does not know yet. */
    answered: (id: number, jobId: string, runDir: string): void => void answered.run(jobId, runDir, id),
    queued(id: number, { jobId, enqueuedAt }: JobKey, runDir: string | null): void {
      queued.run(jobId, enqueuedAt, runDir, id);
    },
    failed: (id: number) => void failed.run(id),
    /** What it is to become was planned after it had begun. */
    setExperiment: (id: number, experimentId: string): void => void setExperiment.run(experimentId, id),
    /** That of a job, also where its queue has put that back since, as often as it may be. */
    ofJob: ({ queue, jobId, enqueuedAt }: JobKey): Launch | undefined =>
      found(byJob.get({ queue, jobId, enqueuedAt })),
    /** The launch of a planned experiment whose job is not known yet, though it has been named since (epoch ms) perhaps. */
    underWay: (queue: string, session: number, experimentId: string, since: number): Launch | undefined =>
      found(underWay.get(queue, session, experimentId, since)),
    /** Launches from before `before` (epoch ms) that were under way when the process ended, marked so and told once. */
    takeInterrupted: (queue: string, before: number): Launch[] => interrupted.all(queue, before).map(launch),
    /** Those that began since (epoch ms) and of which a job may yet be seen: interrupted ones, and what was answered. */
    open: (queue: string, since: number): Launch[] => open.all(queue, since).map(launch),
  };
}

export type LaunchStore = ReturnType<typeof createLaunchStore>;
