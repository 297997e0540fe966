import { errorText } from '../../core/errors.ts';
import { isSameJob, type Job, type JobKey } from '../../core/job.ts';
import type { MutationResult, Snapshot, SteerAction } from '../../core/queue.ts';
import { type ActDeps, changeable, hasWaiting, refused, undecided } from './act.ts';
import { ask } from './programs.ts';

/** Slurm's reasons of what is held: by somebody, as it was put back, or as it could not be started (squeue(1), JOB REASON CODES). */
const HELD = /^(JobHeld(User|Admin)\b|job requeued in held state|launch failed requeued held)/;

/** A hold by an administrator could be released by nobody else, which `hold` makes where one asks for it (scontrol(1)). */
const VERBS: Readonly<Record<SteerAction, string>> = {
  hold: 'uhold',
  release: 'release',
  requeue: 'requeue',
};

const isHeld = (job: Job): boolean => HELD.test(job.scheduler?.reason ?? '');

/**
 * Holds, releases or puts back a job, and looks until it is seen. Of an array those tasks are held that wait. scontrol has no guards of its own: the job is read right before.
 * What Slurm refuses is told in its words.
 */
export async function steerJob(key: JobKey, action: SteerAction, deps: ActDeps): Promise<MutationResult> {
  const { watch, run, env, timings } = deps;
  const job =
    action === 'requeue' ? await requeueable(key, deps) : await changeable(key, 'waitsPartly', deps);
  if ('refusal' in job) return refused(job.refusal);
  if (action === 'hold' && isHeld(job)) return refused('is held already');
  if (action === 'release' && !isHeld(job)) return refused('is not held');
  if (action === 'requeue') watch.requeuing(job);
  const answer = await ask(run, env, [
    'scontrol',
    VERBS[action],
    action === 'requeue' ? job.jobId : waitingOf(job),
  ]);
  const isRefused = !answer.ok && !answer.isLate;
  // One task that has ended meanwhile makes it fail, and the others are changed all the same.
  const lookMs = isRefused ? 0 : timings.seenWithinMs;
  if ((!isRefused || job.tasks) && (await watch.until(hasTaken(job, action), lookMs))) return { done: true };
  if (isRefused) return refused(`could not be changed: ${answer.problem}`);
  return undecided(
    answer.ok
      ? 'was changed, as Slurm says, which it has not shown yet'
      : `may be changed or not: ${answer.problem}`,
  );
}

/** What waits of a job, as scontrol takes it: of an array of which some tasks run or have ended, `4711_[3-9]`. */
function waitingOf({ jobId, status, tasks }: Job): string {
  const waiting = status === 'queued' ? undefined : tasks?.which.waiting;
  return waiting === undefined ? jobId : `${jobId}_[${waiting}]`;
}

function hasTaken(before: Job, action: SteerAction): (snapshot: Snapshot) => boolean {
  return ({ jobs }) => {
    const now = jobs.get(before.jobId);
    if (!now) return false;
    if (action === 'requeue')
      return before.tasks
        ? now.status !== before.status
        : !isSameJob(now, before) || now.restarts !== before.restarts;
    const waits = now.status === 'queued' || hasWaiting(now);
    return isSameJob(now, before) && (!waits || isHeld(now) === (action === 'hold'));
  };
}

/** A job that runs, or has ended and is still remembered: Slurm puts either back. */
async function requeueable(key: JobKey, { watch, me }: ActDeps): Promise<Job | { refusal: string }> {
  try {
    const job = (await watch.readNow()).jobs.get(key.jobId);
    if (!isSameJob(job, key)) return { refusal: 'is not known to Slurm any more as this job' };
    if (job.user !== undefined && job.user !== me())
      return { refusal: `belongs to ${job.user}; xaxbot runs as ${me()}, whose jobs alone it changes` };
    return job.status === 'queued' ? { refusal: 'waits already' } : job;
  } catch (error) {
    return { refusal: `was left alone: ${errorText(error)}` };
  }
}
