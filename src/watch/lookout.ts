import type { Log } from '../core/log.ts';
import type { Queue } from '../core/queue.ts';
import type { Watcher } from './watcher.ts';

/** Has the watcher look at what runs now, one look at a time. */
export function createLookout(deps: {
  queue: Pick<Queue, 'snapshot'>;
  watcher: Pick<Watcher, 'look'>;
  log: Log;
}) {
  const { queue, watcher, log } = deps;
  let looking: Promise<void> | undefined;

  return {
    /** Looks, unless a look is still under way. */
    look(): void {
      const snapshot = queue.snapshot();
      if (!snapshot) return;
      const running = snapshot.running.flatMap((id) => snapshot.jobs.get(id) ?? []);
      const isBusy = running.length > 0 || snapshot.order.length > 0;
      looking ??= watcher
        .look(running, isBusy)
        .catch((error) => log.warn({ err: error }, 'running jobs were not watched'))
        .finally(() => {
          looking = undefined;
        });
    },
    /** Resolves when no look is under way. */
    settled: async (): Promise<void> => looking,
  };
}

export type Lookout = ReturnType<typeof createLookout>;
