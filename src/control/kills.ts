import type { CutOffKill } from '../cards/kill-post.ts';
import { isEnded, type JobKey, jobKeyText } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import { type Doer, doerText } from '../core/person.ts';
import type { KillResult } from '../core/queue.ts';
import type { Queues } from '../core/queues.ts';
import type { KillService } from '../core/services/control.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { Clock } from '../core/time.ts';
import { WATCHER } from '../core/watch.ts';
import type { KillStore, OpenKill } from '../store/kills.ts';
import { readAfter } from './read-after.ts';

/**
 * How old a kill that was cut off may be to be taken up again without another word, milliseconds: as old as a question
 * that still may be answered with yes. What a preset asks for holds as long as the job runs.
 */
const TAKEN_UP_MS = 10 * 60_000;

/**
 * Kills through the queue. Who asked is written down before anything is sent, and each signal right before it goes, so
 * that the job's end can be put down to it, and what a crash has cut off is taken up again: with all of the queue's
 * checks, and without a second SIGTERM. A kill that the queue refuses leaves no trace. One job has one kill at a time.
 */
export function createKillService(deps: {
  queues: Pick<Queues, 'of'>;
  kills: KillStore;
  jobOf(key: JobKey): JobRecord | undefined;
  graceMs(): number;
  /** A signal is about to be sent, and that is written down. */
  onSignal(key: JobKey, by: Doer, signal: string): void;
  /** Posts the fate of an interrupted kill in the job's thread; once per key. */
  tell(key: string, kill: CutOffKill): void;
  clock: Clock;
  log: Log;
}): KillService & {
  /** Resumes or reports what the last process left unfinished in a queue. Call it once the database is up to date with it. */
  recover(queue: string): void;
  /** Sends nothing more; what is in progress is left for the next start. */
  stop(): Promise<void>;
} {
  const { queues, kills, clock } = deps;
  const underWay = new Map<string, Doer>();
  const resumed = new Set<Promise<void>>();
  const stopping = new AbortController();

  /** `number`: the kill's in the database; `sent`: whether any signal of it has been. */
  async function carryOut(
    key: JobKey,
    by: Doer,
    { number, graceMs, sent }: { number: number; graceMs: number; sent: boolean },
    onSignal: (signal: string) => void,
  ): Promise<KillResult> {
    const subject = jobKeyText(key);
    underWay.set(subject, by);
    let hasSent = sent;
    try {
      const queue = queues.of(key);
      const result = await queue.kill(key, {
        graceMs,
        hasTerm: sent,
        beforeSignal(signal) {
          kills.signalled(number, signal);
          deps.onSignal(key, by, signal);
          return () => kills.unsent(number);
        },
        onSignal(signal) {
          hasSent = true;
          onSignal(signal);
        },
        abort: stopping.signal,
      });
      if (stopping.signal.aborted && !result.done) return result;
      if (result.done || hasSent || result.isUnknown) kills.finish(number, result.done);
      else kills.withdraw(number);
      await readAfter(queue, deps.log);
      return result;
    } finally {
      underWay.delete(subject);
    }
  }

  /** What is left of a kill that was cut off a moment ago. */
  async function takeUp(kill: OpenKill): Promise<void> {
    const { number, job, signals, graceMs } = kill;
    const [first] = signals;
    const left = first ? Math.max(0, first.at + graceMs - clock()) : graceMs;
    tell(kill, 'resumed');
    const result = await carryOut(job, kill, { number, graceMs: left, sent: first !== undefined }, () => {});
    if (!result.done && !stopping.signal.aborted && !hasEnded(job))
      tell(kill, result.isUnknown ? 'unknown' : 'refused', result.reason);
  }

  function hasEnded(key: JobKey): boolean {
    const job = deps.jobOf(key);
    return !job || job.removed || isEnded(job.status);
  }

  function tell(kill: OpenKill, state: CutOffKill['state'], reason = ''): void {
    const { number, at, signals } = kill;
    const job = deps.jobOf(kill.job);
    // A kill is of a job that the database has, which forgets none.
    if (!job) return;
    const signal = signals.at(-1)?.signal ?? null;
    deps.tell(`kill:${number}:${state}`, { by: kill, job, at, signal, state, reason });
  }

  function recover(queue: string): void {
    // What somebody has asked for meanwhile is under way here.
    const left = kills.open(queue).filter(({ job }) => !underWay.has(jobKeyText(job)));
    for (const kill of left) {
      const { number, job, at, signals } = kill;
      const isObservers = signals[0]?.signal.startsWith('observer ') === true;
      if (hasEnded(job)) {
        kills.finish(number, false);
        if (!deps.jobOf(job)?.killedBy && !deps.jobOf(job)?.removed) tell(kill, 'ended');
      } else if (isObservers || (clock() - at > TAKEN_UP_MS && kill.id !== WATCHER.id)) {
        kills.finish(number, false);
        tell(kill, 'still-runs');
      } else {
        const work = takeUp(kill)
          .catch((error) => deps.log.warn({ err: error, job: job.jobId }, 'a kill was not taken up again'))
          .finally(() => resumed.delete(work));
        resumed.add(work);
      }
    }
  }

  return {
    async kill(key, by, onSignal) {
      const other = underWay.get(jobKeyText(key));
      if (other) return { done: false, reason: `is already being killed by ${doerText(other)}` };
      queues.of(key);
      const graceMs = deps.graceMs();
      // It is not written down: what was cut off would be taken up as a kill of the whole array.
      if (key.task !== undefined)
        return queues.of(key).kill(key, { graceMs, onSignal, abort: stopping.signal });
      const number = kills.begin(key, by, graceMs);
      return carryOut(key, by, { number, graceMs, sent: false }, onSignal);
    },
    recover,
    async stop() {
      stopping.abort();
      await Promise.all(resumed);
    },
  };
}
