import { type JobKey, jobKeyText } from '../core/job.ts';
import type { RunPlace } from '../core/run-place.ts';
import type { Db } from './db.ts';

/** Where jobs write that have no metrics in their run folder: found once, it stays, since what told it may be gone later. */
export function createRunPlaceStore(db: Db) {
  const get = db.prepare<[string], RunPlace>('SELECT folder, because FROM run_places WHERE job = ?');
  const put = db.prepare(
    `INSERT INTO run_places (job, folder, because) VALUES (?, ?, ?)
     ON CONFLICT (job) DO UPDATE SET folder = excluded.folder, because = excluded.because`,
  );
  return {
    get: (job: JobKey): RunPlace | undefined => get.get(jobKeyText(job)),
    put: (job: JobKey, { folder, because }: RunPlace): void => void put.run(jobKeyText(job), folder, because),
  };
}

export type RunPlaceStore = ReturnType<typeof createRunPlaceStore>;
