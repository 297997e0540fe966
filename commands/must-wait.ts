import { BotError } from '../src/core/errors.ts';
import { type Job, jobName } from '../src/core/job.ts';
import { taskState } from '../src/core/job-tasks.ts';
import { jobNow } from '../src/core/queues.ts';
import type { Services } from '../src/core/services/context.ts';

/**
 * Refuses to change a job that is not waiting; the queue itself checks again. `partly`: of an array a task that waits is enough.
 * Error `not-waiting`.
 */
export function mustWait(
  job: Job,
  { queues, jobs }: Pick<Services, 'queues' | 'jobs'>,
  { partly = false }: { partly?: boolean } = {},
): void {
  const now = jobNow(queues, job);
  if (partly && job.task === undefined && (now?.tasks?.waiting ?? 0) > 0) return;
  const task = job.task !== undefined && now?.tasks ? taskState(now.tasks, job.task) : undefined;
  if (task === 'waiting' || (job.task === undefined && now?.status === 'queued')) return;
  const status = task ?? jobs.get(job)?.status ?? job.status;
  throw new BotError('not-waiting', `${jobName(job)} is ${status}, not waiting.`, 'Nothing was changed.');
}
