import { BotError } from '../src/core/errors.ts';
import { isSameJob, type Job } from '../src/core/job.ts';
import type { Services } from '../src/core/services/context.ts';

/** Refuses to change a job that is not waiting; the queue itself checks again. Error `not-waiting`. */
export function mustWait(job: Job, { queue, jobs }: Pick<Services, 'queue' | 'jobs'>): void {
  const now = queue.snapshot()?.jobs.get(job.jobId);
  if (isSameJob(now, job) && now.status === 'queued') return;
  const status = jobs.get(job)?.status ?? job.status;
  throw new BotError('not-waiting', `${job.jobId} is ${status}, not waiting.`, 'Nothing was changed.');
}
