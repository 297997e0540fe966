import type { JobKey } from '../core/job.ts';
import type { Doer } from '../core/person.ts';
import type { Clock } from '../core/time.ts';
import type { Transition, TransitionKind } from '../core/transition.ts';
import type { Db } from './db.ts';
import { nextNumber } from './numbering.ts';

export type EditAction = 'cancel' | 'move';

/** Which transition an edit makes. */
const MAKES: Partial<Record<TransitionKind, EditAction>> = { cancelled: 'cancel', moved: 'move' };
/**
 * How long after it was asked for a cancellation may stand in the queue, milliseconds: what changes the queue waits 20 s for
 * its lock, for each Python that is tried, and may outlive us.
 */
const DONE_WITHIN_MS = 120_000;
/** The queue's times are in seconds, as floats. */
const ROUNDING_MS = 10;
/** A scheduler's are in whole seconds, by a clock of its own. */
const WHOLE_SECONDS_MS = 2_000;
const roundingOf = (at: number) => (at % 1000 === 0 ? WHOLE_SECONDS_MS : ROUNDING_MS);

/**
 * Who asked for which change of a waiting job: written down before it is tried, so that what the queue shows of it, at
 * once or after a crash, is told as theirs. One that was refused leaves no trace.
 */
export function createEditStore(db: Db, clock: Clock) {
  const jobRow = `(SELECT id FROM jobs WHERE queue = ? AND job_id = ? AND enqueued_at = ?)`;
  const begin = db.prepare(
    `INSERT INTO edits (id, job, action, position, person, name, approved_by, at)
     VALUES (${nextNumber('edits')}, ${jobRow}, ?, ?, ?, ?, ?, ?)`,
  );
  const finish = db.prepare('UPDATE edits SET finished_at = ? WHERE id = ?');
  const withdraw = db.prepare('DELETE FROM edits WHERE id = ?');
  const another = db
    .prepare<[number, number], number>(
      `SELECT other.id FROM edits mine JOIN edits other ON other.job = mine.job AND other.action = mine.action
       WHERE mine.id = ? AND other.id <> mine.id AND coalesce(other.finished_at, other.at) >= ?
         AND NOT EXISTS (SELECT 1 FROM transitions t WHERE t.edit > 0 AND t.edit = other.id) ORDER BY other.id DESC LIMIT 1`,
    )
    .pluck();
  const release = db.prepare('UPDATE transitions SET edit = ? WHERE edit > 0 AND edit = ?');
  const open = db.prepare<
    [string, string, number, string],
    { id: number; at: number; position: number | null }
  >(
    `SELECT id, at, position FROM edits WHERE job = ${jobRow} AND action = ? AND finished_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM transitions t WHERE t.edit > 0 AND t.edit = edits.id) ORDER BY id DESC`,
  );
  const underWay = db
    .prepare<[string, string, number], number>(
      `SELECT count(*) FROM edits WHERE job = ${jobRow} AND finished_at IS NULL`,
    )
    .pluck();
  const moving = db
    .prepare<[string], string>(
      `SELECT j.job_id FROM edits e JOIN jobs j ON j.id = e.job
       WHERE e.finished_at IS NULL AND e.action = 'move' AND j.queue = ? ORDER BY e.id`,
    )
    .pluck();
  const claim = db.prepare('UPDATE transitions SET edit = ? WHERE id = ?');
  const cutOff = db.prepare<[string, number], { job_id: string; enqueued_at: number }>(
    `SELECT DISTINCT j.job_id, j.enqueued_at FROM edits e JOIN jobs j ON j.id = e.job
     WHERE e.finished_at IS NULL AND j.queue = ? AND e.at < ?`,
  );
  const close = db.prepare(
    `UPDATE edits SET finished_at = ?
     WHERE finished_at IS NULL AND job IN (SELECT id FROM jobs WHERE queue = ?) AND at < ?`,
  );

  return {
    /** Its number. The database must know the job. */
    begin(
      { queue, jobId, enqueuedAt }: JobKey,
      action: EditAction,
      position: number | null,
      { id, name, approvedBy = null }: Doer,
    ): number {
      return Number(
        begin.run(queue, jobId, enqueuedAt, action, position, id, name, approvedBy, clock()).lastInsertRowid,
      );
    },
    /** The queue took it, and the database what came of it. */
    finish: (id: number): void => void finish.run(clock(), id),
    /** It came to nothing: what the queue shows is that of another who asked for the same just now, or was done outside. */
    withdraw: db.transaction((id: number): void => {
      release.run(another.get(id, clock() - DONE_WITHIN_MS) ?? 0, id);
      withdraw.run(id);
    }),
    isUnderWay: ({ queue, jobId, enqueuedAt }: JobKey): boolean =>
      underWay.get(queue, jobId, enqueuedAt) !== 0,
    /** Ids of the jobs that somebody moves now. */
    moving: (queue: string): string[] => moving.all(queue),
    /** Puts a transition down to whoever asked for it last before it came about. Call it in the transaction that appends the transition. */
    claim(transition: number, { job, kind, at, detail }: Transition): void {
      const action = MAKES[kind];
      if (!action) return;
      const isWhatMadeIt = (edit: { at: number; position: number | null }) =>
        (at + roundingOf(at) >= edit.at && at <= edit.at + DONE_WITHIN_MS) ||
        // The queue gives no time of a move: one that is seen long after, since we were not there, tells by its place.
        (action === 'move' && detail.to === edit.position);
      const found = open.all(job.queue, job.jobId, job.enqueuedAt, action).find(isWhatMadeIt);
      if (found) claim.run(found.id, transition);
    },
    /**
     * What was under way in a queue when the process ended that began before `before` (epoch ms) is over; the jobs that it
     * was about. Call it after the queue's first reading.
     */
    closeCutOff: db.transaction((queue: string, before: number): JobKey[] => {
      const jobs = cutOff.all(queue, before);
      close.run(clock(), queue, before);
      return jobs.map((row) => ({ queue, jobId: row.job_id, enqueuedAt: row.enqueued_at }));
    }),
  };
}

export type EditStore = ReturnType<typeof createEditStore>;
