import type { JobKey } from '../core/job.ts';
import type { Db } from './db.ts';

/** What was found out about a job's end, as JSON text; `ended`: which end it is of, `version`: what found it. */
export interface KeptCause {
  ended: string;
  version: string;
  body: string;
}

/** What failed jobs died of, so that their logs are read once. */
export function createCauseStore(db: Db) {
  const jobRow = `(SELECT id FROM jobs WHERE queue = ? AND job_id = ? AND enqueued_at = ?)`;
  const get = db.prepare<[string, string, number], KeptCause>(
    `SELECT ended, version, body FROM causes WHERE job = ${jobRow}`,
  );
  const put = db.prepare(
    `INSERT OR REPLACE INTO causes (job, ended, version, body) VALUES (${jobRow}, ?, ?, ?)`,
  );
  return {
    get: ({ queue, jobId, enqueuedAt }: JobKey): KeptCause | undefined => get.get(queue, jobId, enqueuedAt),
    put({ queue, jobId, enqueuedAt }: JobKey, { ended, version, body }: KeptCause): void {
      put.run(queue, jobId, enqueuedAt, ended, version, body);
    },
  };
}

export type CauseStore = ReturnType<typeof createCauseStore>;
