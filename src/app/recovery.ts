import type { Log } from '../core/log.ts';
import type { Queues } from '../core/queues.ts';

/**
 * Takes up what the process before left unfinished in each queue, once the database is up to date with that queue. The only
 * one is waited for; of several, none waits for another.
 */
export function createRecovery(deps: {
  queues: Pick<Queues, 'all' | 'areSeveral'>;
  /** Resolves when a queue has been read for the first time. */
  followed(queue: string): Promise<void>;
  recover(queue: string): Promise<void>;
  log: Log;
}) {
  const { queues, log } = deps;
  const works = new Set<Promise<void>>();
  let isStopping = false;

  async function recoverOne(queue: string): Promise<void> {
    await deps.followed(queue);
    if (isStopping) return;
    const work = deps.recover(queue);
    works.add(work);
    await work.finally(() => works.delete(work));
  }

  return {
    async start(): Promise<void> {
      const all = queues.all.map(({ name }) => ({ name, work: recoverOne(name) }));
      const only = queues.areSeveral ? undefined : queues.all.find(({ beside }) => !beside)!.name;
      for (const { name, work } of all.filter((each) => each.name !== only))
        work.catch((error) => log.error({ err: error, queue: name }, 'what was cut off is not taken up'));
      await all.find(({ name }) => name === only)?.work;
    },
    /** Begins with no other queue; resolves when what is under way is done. */
    async stop(): Promise<void> {
      isStopping = true;
      await Promise.allSettled(works);
    },
  };
}
