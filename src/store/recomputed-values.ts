import type { JobKey } from '../core/job.ts';
import type { Db } from './db.ts';

/** Ended runs whose values are still to be recomputed, newest first. */
export function createRecomputedValues(db: Db) {
  const all = db.prepare<[], JobKey>(
    'SELECT queue, job_id AS jobId, enqueued_at AS enqueuedAt FROM values_anew ORDER BY id',
  );
  const remove = db.prepare('DELETE FROM values_anew WHERE queue = ? AND job_id = ? AND enqueued_at = ?');
  return {
    all: (): JobKey[] => all.all(),
    done: ({ queue, jobId, enqueuedAt }: JobKey): void => void remove.run(queue, jobId, enqueuedAt),
  };
}

export type RecomputedValues = ReturnType<typeof createRecomputedValues>;
