import type { Fingerprint, SettingsRepeat } from '../core/fingerprint.ts';
import type { JobKey } from '../core/job.ts';
import type { Db } from './db.ts';

/** What runs were made of, so that repeats of one another are found without reading their files again. */
export function createFingerprintStore(db: Db) {
  type Row = Fingerprint & {
    queue: string;
    job_id: string;
    enqueued_at: number;
    experiment_id: string;
    value: number;
  };
  const put = db.prepare(
    `INSERT INTO fingerprints (queue, job_id, enqueued_at, settings, code) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET settings = excluded.settings, code = coalesce(excluded.code, code)`,
  );
  const get = db.prepare<[string, string, number], Fingerprint>(
    'SELECT settings, code FROM fingerprints WHERE queue = ? AND job_id = ? AND enqueued_at = ?',
  );
  const repeated = db.prepare<[number, string], Row>(
    `WITH runs AS (
       SELECT queue, job_id, enqueued_at, f.settings, f.code, e.experiment_id, e.objective_value AS value
       FROM experiments e JOIN fingerprints f USING (queue, job_id, enqueued_at)
       WHERE e.session = ? AND e.objective_metric = ? AND e.objective_value IS NOT NULL AND e.status = 'completed'
         AND e.replaced = 0
     )
     SELECT * FROM runs WHERE settings IN (SELECT settings FROM runs GROUP BY settings HAVING count(*) > 1)`,
  );

  return {
    put: ({ queue, jobId, enqueuedAt }: JobKey, { settings, code }: Fingerprint): void =>
      void put.run(queue, jobId, enqueuedAt, settings, code),
    get: ({ queue, jobId, enqueuedAt }: JobKey): Fingerprint | undefined => get.get(queue, jobId, enqueuedAt),
    /** A session's completed runs with a value of this metric whose settings stand more than once among them. */
    repeated: (session: number, metric: string): SettingsRepeat[] =>
      repeated
        .all(session, metric)
        .map(({ queue, job_id, enqueued_at, experiment_id, settings, code, value }) => ({
          job: { queue, jobId: job_id, enqueuedAt: enqueued_at },
          experimentId: experiment_id,
          settings,
          code,
          value,
        })),
  };
}

export type FingerprintStore = ReturnType<typeof createFingerprintStore>;
