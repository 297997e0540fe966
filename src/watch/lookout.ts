import type { Log } from '../core/log.ts';
import { type Queues, runningIn } from '../core/queues.ts';
import type { Watcher } from './watcher.ts';

/** Has the watcher look at what runs now, one look at a time. */
export function createLookout(deps: {
  queues: Pick<Queues, 'all'>;
  watcher: Pick<Watcher, 'look'>;
  log: Log;
}) {
  const { queues, watcher, log } = deps;
  let looking: Promise<void> | undefined;

  return {
    /** Looks, unless a look is still under way. */
    look(): void {
      const snapshots = queues.all.flatMap((queue) => queue.snapshot() ?? []);
      if (snapshots.length === 0) return;
      const running = queues.all.flatMap(runningIn);
      const isBusy = running.length > 0 || snapshots.some(({ order }) => order.length > 0);
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
