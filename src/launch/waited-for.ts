import { isEnded, type Job, type JobKey } from '../core/job.ts';
import type { Queues } from '../core/queues.ts';
import type { JobStore } from '../store/jobs.ts';

/** How it stands with a job that a launch waits for: it may still complete, it has, or it will not, and why: words behind its name. */
export type WaitedFor = 'open' | 'completed' | { why: string };

/**
 * How it stands with a job. One that its queue put back goes on as another of the same id, and what waited for it waits
 * for that one. Of one whose queue was taken out of the settings nothing will be heard.
 */
export function waitedFor(
  key: JobKey,
  jobs: Pick<JobStore, 'get' | 'newest'>,
  queues: Pick<Queues, 'watches'>,
): WaitedFor {
  const job = jobs.get(lifeNow(key, jobs));
  if (!job) return { why: 'is not known any more' };
  if (job.status === 'completed') return 'completed';
  if (job.status === 'failed') return { why: 'failed' };
  if (job.status === 'cancelled') return { why: 'was cancelled' };
  if (job.status === 'ended' && job.seen?.by !== 'requeued')
    return { why: 'has ended, and nobody knows how' };
  if (job.removed) return { why: 'is no longer in its queue, and nobody knows how it ended' };
  return queues.watches(job) ? 'open' : { why: `is of the queue ${job.queue}, which is no longer watched` };
}

/** As what a job goes on that its queue has put back; undefined: it has not, or that is not known yet. */
export function nextLife(job: Job, jobs: Pick<JobStore, 'newest'>): Job | undefined {
  if (!isEnded(job.status)) return undefined;
  const newest = jobs.newest(job.queue, job.jobId);
  const isLater = newest !== undefined && (newest.restarts ?? 0) > (job.restarts ?? 0);
  return isLater && newest.enqueuedAt > job.enqueuedAt ? newest : undefined;
}

/** A job in the life that it has now. */
export function lifeNow(
  { queue, jobId, enqueuedAt }: JobKey,
  jobs: Pick<JobStore, 'get' | 'newest'>,
): JobKey {
  const job = jobs.get({ queue, jobId, enqueuedAt });
  const next = job && nextLife(job, jobs);
  return next ? lifeNow(next, jobs) : { queue, jobId, enqueuedAt };
}
