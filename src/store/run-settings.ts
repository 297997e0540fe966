import type { JobKey } from '../core/job.ts';
import type { Db } from './db.ts';

/** Resolved settings of runs that have ended: their files no longer change. */
export function createRunSettingsStore(db: Db) {
  const put = db.prepare(
    'INSERT OR REPLACE INTO run_settings (queue, job_id, enqueued_at, settings) VALUES (?, ?, ?, ?)',
  );
  const get = db
    .prepare<[string, string, number], string>(
      'SELECT settings FROM run_settings WHERE queue = ? AND job_id = ? AND enqueued_at = ?',
    )
    .pluck();

  return {
    put: ({ queue, jobId, enqueuedAt }: JobKey, settings: Readonly<Record<string, string>>): void =>
      void put.run(queue, jobId, enqueuedAt, JSON.stringify(settings)),
    get({ queue, jobId, enqueuedAt }: JobKey): Record<string, string> | undefined {
      const text = get.get(queue, jobId, enqueuedAt);
      return text === undefined ? undefined : (JSON.parse(text) as Record<string, string>);
    },
  };
}

export type RunSettingsStore = ReturnType<typeof createRunSettingsStore>;
