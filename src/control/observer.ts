import { setTimeout as sleep } from 'node:timers/promises';
import { isSameJob, type JobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { Observer, Queue } from '../core/queue.ts';
import { queueWith } from '../core/queue-lacks.ts';
import type { Queues } from '../core/queues.ts';
import type { ObserverControl } from '../core/services/control.ts';
import type { KillStore } from '../store/kills.ts';
import { readAfter } from './read-after.ts';

export const OBSERVER_TIMINGS = {
  /** An observer that was started imports for seconds, on a cold disk much longer, before it first reports. */
  firstReportMs: 90_000,
  lookMs: 250,
};
/** How long the queue's command may take to end what runs: it waits for systemd and a job's processes, milliseconds. */
const ENDS_WITHIN_MS = 3 * 60_000;

/**
 * Controls the observer through the queue, writes down who ended what ran by it before it ends, and waits for what a
 * start promises: an observer that reports.
 */
export function createObserverControl(deps: {
  queues: Pick<Queues, 'named' | 'nameOf'>;
  kills: KillStore;
  log: Log;
  timings?: typeof OBSERVER_TIMINGS;
}): ObserverControl {
  const { queues, kills, log } = deps;
  const { firstReportMs, lookMs } = deps.timings ?? OBSERVER_TIMINGS;

  const observerNow = (queue: Queue): Observer | null => queue.snapshot()?.observer ?? null;

  function isRunning(queue: Queue, key: JobKey): boolean {
    const snapshot = queue.snapshot();
    return snapshot?.running.includes(key.jobId) === true && isSameJob(snapshot.jobs.get(key.jobId), key);
  }

  /** Whether another observer than `before` is active within the time. */
  async function reports(queue: Queue, before: Observer | null): Promise<boolean> {
    const until = performance.now() + firstReportMs;
    for (;;) {
      await readAfter(queue, log);
      const observer = observerNow(queue);
      if (observer?.active && observer.startedAt !== before?.startedAt) return true;
      if (performance.now() >= until) return false;
      await sleep(lookMs);
    }
  }

  return {
    async control(name, request, by) {
      const queue = queueWith(queues.named(name), 'observer');
      await queue.refresh();
      const { action } = request;
      const before = observerNow(queue);
      const ending = request.mayEnd.filter((key) => isRunning(queue, key));
      const asked = ending.map((key) => {
        const kill = kills.begin(key, by, ENDS_WITHIN_MS);
        kills.signalled(kill, `observer ${action}`);
        return { key, kill };
      });
      const result = await queue.observer.control(request);
      const isRead = await readAfter(queue, log);
      // Also when it failed half way: what it ended, it ended. What cannot be seen yet stays written down.
      const ended = asked.filter(({ key }) => !isRunning(queue, key));
      for (const each of asked) {
        if (ended.includes(each)) kills.finish(each.kill, true);
        else if (isRead) kills.withdraw(each.kill);
        else kills.finish(each.kill, false);
      }
      const isThere = action === 'stop' || !result.done || (await reports(queue, before));
      const silent = `xax says it started, but no observer has reported within ${firstReportMs / 1000} s: "journalctl --user -u xax-queue-observer" on the host says why.`;
      return {
        action,
        done: result.done && isThere,
        reason: result.done ? (isThere ? '' : silent) : result.reason,
        observer: observerNow(queue),
        ended: ended.map(({ key }) => queues.nameOf(key)),
      };
    },
  };
}
