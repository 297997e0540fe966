import { LRUCache } from 'lru-cache';
import { isEnded, type Job, type JobKey, jobKeyText } from '../core/job.ts';
import type { JobsService } from '../core/services/jobs.ts';

/** Jobs of which it is kept in memory that they are nobody's. */
const OWNERLESS_MAX = 5_000;

/** Looks up the owner of a job's run folder if none is known yet: an adopted history has no owners. */
export function createOwners(deps: {
  jobs: Pick<JobsService, 'get'>;
  /** null: it could not be looked up, which says nothing. */
  lookUp(job: Job): Promise<{ owner: string | null } | null>;
  keep(key: JobKey, owner: string): void;
}): (key: JobKey) => Promise<string | null> {
  const { jobs, lookUp, keep } = deps;
  /** Ended ones whose run folder is gone: it does not come back, and a host that is far is not asked for it at each look. */
  const ownerless = new LRUCache<string, true>({ max: OWNERLESS_MAX });

  return async (key) => {
    const job = jobs.get(key);
    if (!job || job.owner !== null) return job?.owner ?? null;
    const text = jobKeyText(key);
    if (ownerless.has(text)) return null;
    const found = await lookUp(job);
    if (!found) return null;
    const { owner } = found;
    if (owner !== null) keep(key, owner);
    else if (isEnded(job.status)) ownerless.set(text, true);
    return owner === null ? null : (jobs.get(key)?.owner ?? owner);
  };
}
