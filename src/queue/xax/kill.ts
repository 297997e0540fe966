import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '../../core/errors.ts';
import { isSameJob, type Job, type JobKey } from '../../core/job.ts';
import type { KillOptions, KillResult, KillSignal, Snapshot } from '../../core/queue.ts';
import type { Target } from './identity.ts';

/** Milliseconds. */
export const KILL_TIMINGS = {
  /** How long a job that was just claimed may take to get its pid into the state (xax writes it after the spawn). */
  pidWaitMs: 5_000,
  /** How often a signalled job is checked. */
  checkMs: 100,
  /** How long after SIGKILL the kernel and the observer may take. */
  lastWaitMs: 5_000,
};

type MaybeLater<T> = T | Promise<T>;

/** The group that a signal was sent to, or why it was not. `doubt`: why nobody knows whether it was, in a sentence. */
export type Sent = Target & { doubt?: string };

/** What signals a queue's jobs on its host, each after all checks. */
export interface Signals {
  /** The job's group. */
  target(key: JobKey): MaybeLater<Target>;
  /**
   * Sends one signal to it. The checks are made once more when it is written down that it goes, which may have to wait for the
   * disk: nothing is between the last of them and the signal.
   */
  send(signal: KillSignal, key: JobKey, options: KillOptions): MaybeLater<Sent>;
  /** Whether any process of the group is there, zombies included. */
  groupIsAlive(processGroupId: number): MaybeLater<boolean>;
}

export interface KillDeps {
  /** Reads the queue now; throws BotError when it cannot. */
  readNow(): MaybeLater<Snapshot>;
  signals: Signals;
  timings?: Partial<typeof KILL_TIMINGS> | undefined;
}

/**
 * Ends exactly the named running job: SIGTERM to its process group, SIGKILL after the grace period. Everything is
 * checked again right before each signal: that this (job id, enqueue time) is what runs now, and that the process
 * is that job's. It has ended when the queue says so or the group is gone. What got SIGTERM already only has its group
 * looked for.
 */
export async function killJob(key: JobKey, options: KillOptions, deps: KillDeps): Promise<KillResult> {
  const began = performance.now();
  const { pidWaitMs, checkMs, lastWaitMs } = { ...KILL_TIMINGS, ...deps.timings };
  const { signals } = deps;
  const refusal = await withoutProcess();
  if (refusal !== null) return refused(refusal);

  const term: Sent = await (options.hasTerm ? signals.target(key) : signals.send('SIGTERM', key, options));
  if ('refusal' in term) return refused(term.refusal);
  if (await hasEnded(term.processGroupId, options.graceMs)) return ended('SIGTERM');
  // What may not have been asked to end yet is not ended by force.
  if (term.doubt !== undefined)
    return undecided(`may have got SIGTERM or not, and has not been seen to end. ${term.doubt}`);
  if (options.abort?.aborted) return undecided('got SIGTERM and has not ended yet: xaxbot stopped meanwhile');

  const kill = await signals.send('SIGKILL', key, options);
  const by: KillSignal = 'refusal' in kill ? 'SIGTERM' : 'SIGKILL';
  if (await hasEnded(term.processGroupId, lastWaitMs)) return ended(by);
  if ('refusal' in kill)
    return undecided(`got SIGTERM and has not ended; SIGKILL was not sent: it ${kill.refusal}`);
  if (kill.doubt !== undefined)
    return undecided(`got SIGTERM, may have got SIGKILL or not, and has not been seen to end. ${kill.doubt}`);
  return undecided('got SIGTERM and SIGKILL and has not ended: look at the host');

  function ended(endedBy: KillSignal): KillResult {
    return { done: true, endedBy, waitedMs: Math.round(performance.now() - began) };
  }

  /** Waits for a job that was just claimed to get its process; a reason when there is nothing to signal. */
  async function withoutProcess(): Promise<string | null> {
    const until = performance.now() + pidWaitMs;
    for (;;) {
      const job = await runningNow(key, deps);
      if ('refusal' in job) return job.refusal;
      if (job.pid !== null) return null;
      if (performance.now() >= until || options.abort?.aborted)
        return 'was just claimed and has no process yet: try again in a moment';
      await sleep(checkMs);
    }
  }

  /** A host that is not reached says nothing about it. */
  async function isAlive(group: number): Promise<boolean> {
    try {
      return await signals.groupIsAlive(group);
    } catch {
      return true;
    }
  }

  /** Whether the group is gone or the queue says that the job no longer runs, within the time. */
  async function hasEnded(group: number, waitMs: number): Promise<boolean> {
    const until = performance.now() + waitMs;
    for (;;) {
      if (!(await isAlive(group)) || (await noLongerRuns(key, deps))) return true;
      if (performance.now() >= until || options.abort?.aborted) return false;
      await sleep(checkMs);
    }
  }
}

/** The job if it runs now, or why it cannot be signalled. */
export function runningJob(key: JobKey, { jobs, running }: Snapshot): Job | { refusal: string } {
  const job = jobs.get(key.jobId);
  if (!isSameJob(job, key)) return { refusal: "is no longer in the queue's file" };
  if (job.status === 'queued') return { refusal: 'is waiting, not running; cancel it instead' };
  if (job.status === 'running' && !running.includes(job.jobId))
    return { refusal: 'is recorded as running, but is not the job that the queue is running now' };
  return job.status === 'running' ? job : { refusal: `is not running: it has ended as ${job.status}` };
}

/** What cannot be found out about it leaves it alone. */
export function leftAlone(error: unknown): { refusal: string } {
  return { refusal: `was left alone: ${errorText(error)}` };
}

/** The same in a fresh reading. */
async function runningNow(key: JobKey, deps: KillDeps): Promise<Job | { refusal: string }> {
  try {
    return runningJob(key, await deps.readNow());
  } catch (error) {
    return leftAlone(error);
  }
}

/** An unreadable queue says nothing about the job. */
async function noLongerRuns(key: JobKey, deps: KillDeps): Promise<boolean> {
  try {
    const job = (await deps.readNow()).jobs.get(key.jobId);
    return !isSameJob(job, key) || job.status !== 'running';
  } catch {
    return false;
  }
}

function refused(reason: string): KillResult {
  return { done: false, reason };
}

function undecided(reason: string): KillResult {
  return { done: false, reason, isUnknown: true };
}
