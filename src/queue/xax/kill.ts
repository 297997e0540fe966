import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '../../core/errors.ts';
import { isSameJob, type Job, type JobKey } from '../../core/job.ts';
import type { KillOptions, KillResult, KillSignal, Snapshot } from '../../core/queue.ts';
import { groupIsAlive } from '../process-facts.ts';
import { signalTarget, type Target } from './identity.ts';

/** Milliseconds. */
export const KILL_TIMINGS = {
  /** How long a job that was just claimed may take to get its pid into the state (xax writes it after the spawn). */
  pidWaitMs: 5_000,
  /** How often a signalled job is checked. */
  checkMs: 100,
  /** How long after SIGKILL the kernel and the observer may take. */
  lastWaitMs: 5_000,
};

export interface KillDeps {
  /** The queue's folder. */
  home: string;
  /** Reads the queue now; throws BotError when it cannot. */
  readNow(): Snapshot;
  timings?: Partial<typeof KILL_TIMINGS> | undefined;
}

/**
 * Ends exactly the named running job: SIGTERM to its process group, SIGKILL after the grace period. Everything is
 * checked again right before each signal: that this (job id, enqueue time) is what runs now, and that the process
 * is that job's. It has ended when the queue says so or the group is gone. What got SIGTERM already only has its group
 * looked for.
 */
export async function killJob(key: JobKey, options: KillOptions, deps: KillDeps): Promise<KillResult> {
  if (process.platform !== 'linux')
    return refused('cannot be killed from here: this needs /proc, which only Linux has');
  const began = performance.now();
  const { pidWaitMs, checkMs, lastWaitMs } = { ...KILL_TIMINGS, ...deps.timings };
  const refusal = await withoutProcess();
  if (refusal !== null) return refused(refusal);

  const term = options.hasTerm ? targetOf(key, deps) : sendSignal('SIGTERM', key, options, deps);
  if ('refusal' in term) return refused(term.refusal);
  if (await hasEnded(term.processGroupId, options.graceMs)) return ended('SIGTERM');
  if (options.abort?.aborted) return refused('got SIGTERM and has not ended yet: xaxbot stopped meanwhile');

  const kill = sendSignal('SIGKILL', key, options, deps);
  const by: KillSignal = 'refusal' in kill ? 'SIGTERM' : 'SIGKILL';
  if (await hasEnded(term.processGroupId, lastWaitMs)) return ended(by);
  if ('refusal' in kill)
    return refused(`got SIGTERM and has not ended; SIGKILL was not sent: it ${kill.refusal}`);
  return refused('got SIGTERM and SIGKILL and has not ended: look at the host');

  function ended(endedBy: KillSignal): KillResult {
    return { done: true, endedBy, waitedMs: Math.round(performance.now() - began) };
  }

  /** Waits for a job that was just claimed to get its process; a reason when there is nothing to signal. */
  async function withoutProcess(): Promise<string | null> {
    const until = performance.now() + pidWaitMs;
    for (;;) {
      const job = runningJob(key, deps);
      if ('refusal' in job) return job.refusal;
      if (job.pid !== null) return null;
      if (performance.now() >= until || options.abort?.aborted)
        return 'was just claimed and has no process yet: try again in a moment';
      await sleep(checkMs);
    }
  }

  /** Whether the group is gone or the queue says that the job no longer runs, within the time. */
  async function hasEnded(group: number, waitMs: number): Promise<boolean> {
    const until = performance.now() + waitMs;
    for (;;) {
      if (!groupIsAlive(group) || noLongerRuns(key, deps)) return true;
      if (performance.now() >= until || options.abort?.aborted) return false;
      await sleep(checkMs);
    }
  }
}

/** The job's group after all checks. */
function targetOf(key: JobKey, deps: KillDeps): Target {
  const job = runningJob(key, deps);
  if ('refusal' in job) return job;
  const target = signalTarget(job, deps.home);
  return 'refusal' in target ? { refusal: `was left alone: ${target.refusal}` } : target;
}

/**
 * Sends one signal to the job's group after all checks. They are made once more when it is written down that it goes, which
 * may have to wait for the disk: nothing is between the last of them and the signal.
 */
function sendSignal(
  signal: KillSignal,
  key: JobKey,
  { beforeSignal, onSignal }: KillOptions,
  deps: KillDeps,
): Target {
  const before = targetOf(key, deps);
  if ('refusal' in before) return before;
  const takeBack = beforeSignal?.(signal);
  const target = targetOf(key, deps);
  if ('refusal' in target) {
    takeBack?.();
    return target;
  }
  try {
    process.kill(-target.processGroupId, signal);
  } catch (error) {
    takeBack?.();
    const { code } = error as NodeJS.ErrnoException;
    return {
      refusal:
        code === 'EPERM'
          ? 'belongs to another user, whom xaxbot may not signal'
          : `no longer has a process (${code})`,
    };
  }
  onSignal?.(signal);
  return target;
}

/** The job in a fresh reading if it runs, or why it cannot be signalled. */
function runningJob(key: JobKey, deps: KillDeps): Job | { refusal: string } {
  try {
    const { jobs, running } = deps.readNow();
    const job = jobs.get(key.jobId);
    if (!isSameJob(job, key)) return { refusal: "is no longer in the queue's file" };
    if (job.status === 'queued') return { refusal: 'is waiting, not running; cancel it instead' };
    if (job.status === 'running' && !running.includes(job.jobId))
      return { refusal: 'is recorded as running, but is not the job that the queue is running now' };
    return job.status === 'running' ? job : { refusal: `is not running: it has ended as ${job.status}` };
  } catch (error) {
    return { refusal: `was left alone: ${errorText(error)}` };
  }
}

/** An unreadable queue says nothing about the job. */
function noLongerRuns(key: JobKey, deps: KillDeps): boolean {
  try {
    const job = deps.readNow().jobs.get(key.jobId);
    return !isSameJob(job, key) || job.status !== 'running';
  } catch {
    return false;
  }
}

function refused(reason: string): KillResult {
  return { done: false, reason };
}
