import type { Queue } from './core/queue.ts';
import type { KillService } from './core/services.ts';
import type { Clock } from './core/time.ts';
import type { JobStore } from './store/jobs.ts';

/**
 * Kills through the queue and writes down who asked before the first signal, so that the job's end can say
 * so even if we crash meanwhile. A kill that the queue refuses leaves no such trace.
 */
export function createKillService(deps: {
  queue: Queue;
  jobs: JobStore;
  graceMs: number;
  clock: Clock;
}): KillService {
  const { queue, jobs, graceMs, clock } = deps;
  return {
    async kill(key, person, onSignal) {
      const asked = jobs.addKill(key, person.id, person.name, clock());
      let sent = false;
      const result = await queue.kill(key, {
        graceMs,
        onSignal(signal) {
          sent = true;
          asked.signalled(signal);
          onSignal(signal);
        },
      });
      if (!result.done && !sent) asked.withdrawn();
      await queue.refresh();
      return result;
    },
  };
}
