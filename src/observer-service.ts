import { setTimeout as sleep } from 'node:timers/promises';
import type { JobKey } from './core/job.ts';
import type { Observer, Queue } from './core/queue.ts';
import type { ObserverControl } from './core/services.ts';
import type { Clock } from './core/time.ts';
import type { JobStore } from './store/jobs.ts';

/** An observer that was started imports for seconds, on a cold disk much longer, before it first reports. */
const FIRST_REPORT_MS = 90_000;
const LOOK_MS = 250;

/**
 * Controls the observer through the queue, writes down who ended what ran by it before it ends, and waits for what a
 * start promises: an observer that reports.
 */
export function createObserverControl(deps: {
  queue: Queue;
  jobs: JobStore;
  clock: Clock;
  firstReportMs?: number;
}): ObserverControl {
  const { queue, jobs, clock, firstReportMs = FIRST_REPORT_MS } = deps;

  const observerNow = (): Observer | null => queue.snapshot()?.observer ?? null;

  function isRunning({ jobId, enqueuedAt }: JobKey): boolean {
    const snapshot = queue.snapshot();
    return snapshot?.running.includes(jobId) === true && snapshot.jobs.get(jobId)?.enqueuedAt === enqueuedAt;
  }

  /** Whether another observer than `before` is active within the time. */
  async function reports(before: Observer | null): Promise<boolean> {
    const until = performance.now() + firstReportMs;
    for (;;) {
      await queue.refresh();
      const observer = observerNow();
      if (observer?.active && observer.startedAt !== before?.startedAt) return true;
      if (performance.now() >= until) return false;
      await sleep(LOOK_MS);
    }
  }

  return {
    async control(request, person) {
      await queue.refresh();
      const { action } = request;
      const before = observerNow();
      const ending = request.mayEnd.filter(isRunning);
      const asked = ending.map((key) => {
        const kill = jobs.addKill(key, person.id, person.name, clock());
        kill.signalled(`observer ${action}`);
        return { key, kill };
      });
      const result = await queue.controlObserver(request);
      await queue.refresh();
      // Also when it failed half way: what it ended, it ended.
      const ended = asked.filter(({ key }) => !isRunning(key));
      for (const each of asked) if (!ended.includes(each)) each.kill.withdrawn();
      const isThere = action === 'stop' || !result.done || (await reports(before));
      const silent = `xax says it is started, and no observer has reported within ${firstReportMs / 1000} s: "journalctl --user -u xax-queue-observer" on the host says why.`;
      return {
        action,
        done: result.done && isThere,
        reason: result.done ? (isThere ? '' : silent) : result.reason,
        observer: observerNow(),
        ended: ended.map(({ key }) => key.jobId),
      };
    },
  };
}
