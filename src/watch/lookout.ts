import type { Log } from '../core/log.ts';
import { type Queues, runningIn } from '../core/queues.ts';
import type { Watcher } from './watcher.ts';

/** Has the watcher look at what runs now in each queue, and at the host; each by itself, one look at a time. */
export function createLookout(deps: {
  queues: Pick<Queues, 'all'>;
  watcher: Pick<Watcher, 'lookAtRuns' | 'lookAtHost'>;
  log: Log;
}) {
  const { queues, watcher, log } = deps;
  /** By what is looked at. A queue whose files hang keeps its own look, and no other. */
  const looking = new Map<string, Promise<void>>();

  function begin(subject: string, look: () => Promise<void>): void {
    if (looking.has(subject)) return;
    const work = look()
      .catch((error) => log.warn({ err: error, subject }, 'what runs was not watched'))
      .finally(() => looking.delete(subject));
    looking.set(subject, work);
  }

  return {
    /** Looks at everything at which no look is under way. */
    look(): void {
      const read = queues.all.filter((queue) => queue.snapshot() !== undefined);
      if (read.length === 0) return;
      for (const queue of read) begin(`queue ${queue.name}`, () => watcher.lookAtRuns(runningIn(queue)));
      const isBusy = read.some((queue) => {
        const { running, order } = queue.snapshot()!;
        return running.length > 0 || order.length > 0;
      });
      begin('host', () => watcher.lookAtHost(isBusy));
    },
    /** Resolves when no look is under way. */
    async settled(): Promise<void> {
      await Promise.all(looking.values());
    },
  };
}

export type Lookout = ReturnType<typeof createLookout>;
