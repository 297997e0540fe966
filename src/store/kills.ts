import type { JobKey } from '../core/job.ts';
import type { AskedKill } from '../core/kill.ts';
import type { Doer } from '../core/person.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';
import { nextNumber } from './numbering.ts';

/** A kill that was under way when the process ended. */
export interface OpenKill extends AskedKill {
  number: number;
  job: JobKey;
}

interface KillRow {
  id: number;
  job: number;
  person: string;
  name: string;
  approved_by: string | null;
  at: number;
  grace_ms: number;
  signals: string;
  has_ended: number;
  finished_at: number | null;
}

/** The columns of an asked kill. */
const COLUMNS =
  'k.id, k.job, k.person, k.name, k.approved_by, k.at, k.grace_ms, k.signals, k.has_ended, k.finished_at';

/** Who asked for which kill, and how far each went: written down before anything is sent. */
export function createKillStore(db: Db, clock: Clock) {
  const begin = db.prepare<[Record<string, unknown>], number>(
    `INSERT INTO kills (id, job, person, name, approved_by, at, grace_ms)
     SELECT ${nextNumber('kills')}, id, @person, @name, @approvedBy, @at, @graceMs FROM jobs
     WHERE queue = @queue AND job_id = @jobId AND enqueued_at = @enqueuedAt`,
  );
  const signalled = db.prepare(
    `UPDATE kills SET signals = json_insert(signals, '$[#]', json_object('signal', ?, 'at', ?)) WHERE id = ?`,
  );
  const unsent = db.prepare(`UPDATE kills SET signals = json_remove(signals, '$[#-1]') WHERE id = ?`);
  const finish = db.prepare('UPDATE kills SET finished_at = ?, has_ended = ? WHERE id = ?');
  const withdraw = db.prepare('DELETE FROM kills WHERE id = ?');
  const open = db.prepare<[string], KillRow & { job_queue: string; job_id: string; enqueued_at: number }>(
    `SELECT ${COLUMNS}, j.queue AS job_queue, j.job_id, j.enqueued_at FROM kills k JOIN jobs j ON j.id = k.job
     WHERE k.finished_at IS NULL AND j.queue = ? ORDER BY k.id`,
  );

  return {
    /** Its number. The database must know the job. */
    begin(
      { queue, jobId, enqueuedAt }: JobKey,
      { id, name, approvedBy = null }: Doer,
      graceMs: number,
    ): number {
      const { changes, lastInsertRowid } = begin.run({
        queue,
        jobId,
        enqueuedAt,
        person: id,
        name,
        approvedBy,
        at: clock(),
        graceMs,
      });
      if (changes === 0) throw new Error(`no such job in the database: ${jobId}`);
      return Number(lastInsertRowid);
    },
    /** A signal is about to be sent. */
    signalled: (id: number, signal: string): void => void signalled.run(signal, clock(), id),
    /** The last one could not be sent after all. */
    unsent: (id: number): void => void unsent.run(id),
    /** It is over; `hasEnded`: with the end of what it was asked for. */
    finish: (id: number, hasEnded: boolean): void => void finish.run(clock(), hasEnded ? 1 : 0, id),
    /** It came to nothing, and leaves no trace. */
    withdraw: (id: number): void => void withdraw.run(id),
    /** Those that are not over, oldest first. */
    open: (queue: string): OpenKill[] =>
      open.all(queue).map((row) => ({
        ...askedKill(row),
        number: row.id,
        job: { queue: row.job_queue, jobId: row.job_id, enqueuedAt: row.enqueued_at },
      })),
  };
}

/** Tells the kills of a job, by its number in the database, oldest first. */
export function killsOfJob(db: Db): (job: number) => AskedKill[] {
  const ofJob = db.prepare<[number], KillRow>(`SELECT ${COLUMNS} FROM kills k WHERE k.job = ? ORDER BY k.id`);
  return (job) => ofJob.all(job).map(askedKill);
}

export type KillStore = ReturnType<typeof createKillStore>;

function askedKill(row: KillRow): AskedKill {
  return {
    id: row.person,
    name: row.name,
    approvedBy: row.approved_by,
    at: row.at,
    graceMs: row.grace_ms,
    signals: JSON.parse(row.signals) as AskedKill['signals'],
    hasEnded: row.has_ended === 1,
    isOver: row.finished_at !== null,
  };
}
