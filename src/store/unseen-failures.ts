import type { Db } from './db.ts';

/** A failed run that nobody has looked at since. */
export interface UnseenFailure {
  /** The job, as `jobKeyText` writes it. */
  job: string;
  /** The number of the transition that it failed with. */
  transition: number;
}

/** Failed runs until somebody looks at them, or is reminded of them. */
export function createUnseenFailures(db: Db) {
  const add = db.prepare(
    `INSERT INTO unseen_failures (job, transition, remind_at) VALUES (?, ?, ?)
     ON CONFLICT (job) DO UPDATE SET transition = excluded.transition, remind_at = excluded.remind_at`,
  );
  const remove = db.prepare('DELETE FROM unseen_failures WHERE job = ?');
  const due = db.prepare<[number, number], UnseenFailure>(
    'SELECT job, transition FROM unseen_failures WHERE remind_at <= ? ORDER BY remind_at LIMIT ?',
  );
  const putOff = db.prepare('UPDATE unseen_failures SET remind_at = ? WHERE job = ?');
  return {
    /** It is to be reminded of then, epoch milliseconds. */
    add: (job: string, transition: number, at: number): void => void add.run(job, transition, at),
    /** Whether it was among them. */
    remove: (job: string): boolean => remove.run(job).changes > 0,
    due: (now: number, most: number): UnseenFailure[] => due.all(now, most),
    putOff: (job: string, until: number): void => void putOff.run(until, job),
    /** What is done with one of them and with others at once is done with all or none. */
    transaction: <T>(work: () => T): T => db.transaction(work)(),
  };
}

export type UnseenFailures = ReturnType<typeof createUnseenFailures>;
