import { counted } from '../../core/counted.ts';
import { errorText } from '../../core/errors.ts';
import {
  isEnded,
  isSameJob,
  type Job,
  type JobKey,
  type JobMeant,
  type JobStatus,
  type TaskState,
} from '../../core/job.ts';
import { taskState } from '../../core/job-tasks.ts';
import type { KillOptions, KillResult, KillSignal, MutationResult, Snapshot } from '../../core/queue.ts';
import { guardedCancel, taskCancel } from './guarded.ts';
import { ask, type Run } from './programs.ts';
import type { Watch } from './watch.ts';
import { isCompleting } from './words.ts';

export const ACT_TIMINGS = {
  /** How long after a command its effect is looked for: a frozen controller carries out what it was asked when it thaws. */
  seenWithinMs: 30_000,
  /** KillWait of a controller that does not say it (slurm.conf(5)). */
  killWaitMs: 30_000,
};

export interface ActDeps {
  watch: Watch;
  run: Run;
  env: NodeJS.ProcessEnv;
  /** Whose jobs may be changed from here. */
  me(): string;
  timings: typeof ACT_TIMINGS;
}

/** Nothing was changed: why, in words that go after the job's name. */
export const refused = (reason: string) => ({ done: false as const, reason });
/** It may have been changed, or not as it was asked for. */
export const undecided = (reason: string) => ({ done: false as const, reason, isUnknown: true as const });

/**
 * The job in a fresh reading, if it may be changed; else why not, in words that go after its name. `waitsPartly`: it waits, or is an
 * array of which some tasks do.
 */
export async function changeable(
  key: JobMeant,
  wanted: 'queued' | 'running' | 'waitsPartly',
  { watch, me }: Pick<ActDeps, 'watch' | 'me'>,
): Promise<Job | { refusal: string }> {
  try {
    const job = (await watch.readNow()).jobs.get(key.jobId);
    if (!isSameJob(job, key)) return { refusal: 'is no longer in the queue as this job' };
    if (job.user !== undefined && job.user !== me())
      return { refusal: `belongs to ${job.user}; xaxbot runs as ${me()}, whose jobs alone it changes` };
    const status = statusOf(job, key.task);
    if (status === undefined) return { refusal: `has no task ${key.task}` };
    const isWanted =
      wanted === 'waitsPartly'
        ? status === 'queued' || (key.task === undefined && hasWaiting(job))
        : status === wanted;
    if (isWanted) return job;
    return { refusal: wanted === 'running' ? whyNotRunning(status) : whyNotWaiting(status) };
  } catch (error) {
    return { refusal: `was left alone: ${errorText(error)}` };
  }
}

function whyNotWaiting(status: JobStatus): string {
  return status === 'running' ? 'is running now; kill it to end it' : `is ${status}, not waiting`;
}

function whyNotRunning(status: JobStatus): string {
  return isEnded(status)
    ? `is not running: it has ended as ${status}`
    : 'is waiting, not running; cancel it instead';
}

/** Whether a job is an array of which tasks wait. */
export const hasWaiting = ({ tasks }: Job): boolean => (tasks?.waiting ?? 0) > 0;

const waitsIn = ({ jobs }: Snapshot, key: JobKey): boolean => {
  const job = jobs.get(key.jobId);
  return isSameJob(job, key) && hasWaiting(job);
};

const statusIn = ({ jobs }: Snapshot, key: JobMeant): JobStatus | undefined => {
  const job = jobs.get(key.jobId);
  return isSameJob(job, key) ? statusOf(job, key.task) : undefined;
};

/** Whether Slurm shows that a job got SIGTERM, or its end. Of one task alone it does not tell. */
function isEnding({ jobs }: Snapshot, key: JobMeant): boolean {
  const job = jobs.get(key.jobId);
  return key.task === undefined && isSameJob(job, key) && isCompleting({ state: job.scheduler?.state ?? '' });
}

const STATUSES: Readonly<Record<TaskState, JobStatus>> = {
  waiting: 'queued',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  unknown: 'ended',
};

/** That of the job, or of one of its tasks; undefined: it has no such task. */
function statusOf(job: Job, task: number | undefined): JobStatus | undefined {
  if (task === undefined) return job.status;
  const state = job.tasks && taskState(job.tasks, task);
  return state && STATUSES[state];
}

const commandFor = async (
  job: Pick<Job, 'jobId'>,
  state: string | undefined,
  task: number | undefined,
  { run, env }: ActDeps,
) => (task === undefined ? guardedCancel(run, env, job, state) : taskCancel(job, task));

/**
 * Ends a job that waits, of an array the tasks that do, and looks until it is seen. Slurm leaves alone what runs by then.
 */
export async function cancelJob(key: JobMeant, deps: ActDeps): Promise<MutationResult> {
  const { watch, run, env, timings } = deps;
  const job = await changeable(key, 'waitsPartly', deps);
  if ('refusal' in job) return refused(job.refusal);
  const isPart = key.task === undefined && job.status !== 'queued';
  const command = await commandFor(job, 'PENDING', key.task, deps);
  if (!command) return refused('was left alone: Slurm did not tell what it is called');
  if (key.task !== undefined) watch.asked(job, key.task);
  const answer = await ask(run, env, command);
  const isTaken = (snapshot: Snapshot) =>
    isPart ? !waitsIn(snapshot, key) : statusIn(snapshot, key) !== 'queued';
  const isSeen = await watch.until(isTaken, timings.seenWithinMs);
  if (isPart && isSeen) return partlyCancelled(job, watch.snapshot()!.jobs.get(key.jobId));
  const now = watch.snapshot() && statusIn(watch.snapshot()!, key);
  if (now === 'cancelled') {
    const hasRun = key.task === undefined && watch.snapshot()?.jobs.get(key.jobId)?.startedAt != null;
    return hasRun ? { done: true, caution: 'it had just begun to run' } : { done: true };
  }
  if (isSeen && now === 'running')
    return refused('began to run before it could be cancelled; kill it to end it');
  if (isSeen) return refused(`is ${now ?? 'no longer known to Slurm'}, not waiting`);
  if (!answer.ok && !answer.isLate) return refused(`could not be cancelled: ${answer.problem}`);
  const reason = answer.ok
    ? 'was asked to be cancelled, and Slurm has not shown it: it may still be'
    : `may be cancelled or not, which nobody can tell yet: ${answer.problem}`;
  return undecided(reason);
}

/** What came of a cancel of the tasks that wait of an array. */
function partlyCancelled(before: Job, now: Job | undefined): MutationResult {
  if (!isSameJob(now, before)) return undecided('is no longer known to Slurm');
  const ended = (now.tasks?.cancelled ?? 0) - (before.tasks?.cancelled ?? 0);
  if (ended <= 0) return refused('has no task left that waits: they all began to run; kill it to end it');
  const running = now.tasks?.running ?? 0;
  const left = running > 0 ? `; ${running} still ${running === 1 ? 'runs' : 'run'}: kill ends what runs` : '';
  return { done: true, caution: `${counted(ended, 'waiting task')}${left}` };
}

/**
 * Ends a job that runs: Slurm sends SIGTERM, and SIGKILL after its own KillWait, which no grace asked for here makes longer or
 * shorter. It has ended when Slurm says so, and has cleaned up after it. Where no answer came, no signal is told of until Slurm
 * shows that the job is ending.
 */
export async function killJob(key: JobMeant, options: KillOptions, deps: ActDeps): Promise<KillResult> {
  const { watch, run, env, timings } = deps;
  const began = performance.now();
  const job = await changeable(key, 'running', deps);
  if ('refusal' in job) return refused(job.refusal);
  const killWait = watch.controller()?.killWait;
  const ownWaitMs = killWait == null ? timings.killWaitMs : killWait * 1000;
  const hasEnded = (snapshot: Snapshot) => statusIn(snapshot, key) !== 'running';

  const asked = options.hasTerm
    ? { doubt: 'Slurm does not show that it is ending' }
    : await cancelRunning(job);
  if ('refusal' in asked) return refused(asked.refusal);
  const isDoubted = 'doubt' in asked;
  if (isDoubted) {
    const isShown = (snapshot: Snapshot) => hasEnded(snapshot) || isEnding(snapshot, key);
    const isSeen = await watch.until(isShown, ownWaitMs + timings.seenWithinMs, options.abort);
    if (!isSeen) return undecided(`may be killed or not, which nobody can tell yet: ${asked.doubt}`);
    if (!options.hasTerm) options.onSignal?.('SIGTERM');
  }
  if (await watch.until(hasEnded, ownWaitMs, options.abort)) return ended(false);
  if (options.abort?.aborted) return undecided('got SIGTERM and has not ended yet: xaxbot stopped meanwhile');
  tellSlurmsKill();
  if (await watch.until(hasEnded, timings.seenWithinMs, options.abort)) return ended(true);
  return undecided('got SIGTERM and SIGKILL, and Slurm has not shown its end: look at it there');

  /** What Slurm sends by itself. */
  function tellSlurmsKill(): void {
    options.beforeSignal?.('SIGKILL');
    options.onSignal?.('SIGKILL');
  }

  function ended(isTold: boolean): KillResult {
    const now = watch.snapshot() && statusIn(watch.snapshot()!, key);
    if (isDoubted && now !== 'cancelled')
      return undecided(`is ${now ?? 'no longer known to Slurm'}, by the kill or by itself`);
    const isKilled = watch.snapshot()?.jobs.get(key.jobId)?.returnCode === -9;
    if (isKilled && !isTold) tellSlurmsKill();
    const endedBy: KillSignal = isKilled ? 'SIGKILL' : 'SIGTERM';
    return { done: true, endedBy, waitedMs: Math.round(performance.now() - began) };
  }

  /** Why it was not; `doubt`: why nobody knows whether it was. */
  async function cancelRunning({
    jobId,
    scheduler,
    tasks,
  }: Job): Promise<{ refusal: string } | { doubt: string } | { isSent: true }> {
    const state = ['RUNNING', 'SUSPENDED'].find((each) => each === scheduler?.state && !tasks);
    const command = await commandFor({ jobId }, state, key.task, deps);
    if (!command) return { refusal: 'was left alone: Slurm did not tell what it is called' };
    const takeBack = options.beforeSignal?.('SIGTERM');
    const answer = await ask(run, env, command);
    if (!answer.ok && answer.isLate) return { doubt: answer.problem };
    if (!answer.ok) {
      takeBack?.();
      return { refusal: `could not be killed: ${answer.problem}` };
    }
    options.onSignal?.('SIGTERM');
    return { isSent: true };
  }
}
