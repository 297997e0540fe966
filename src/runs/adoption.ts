import type { Log } from '../core/log.ts';
import type { Causes } from '../notify/causes.ts';
import type { Facts } from '../notify/facts.ts';
import type { JobStore } from '../store/jobs.ts';
import type { Results } from './results.ts';

/** Jobs of a queue's history that are looked into at a start. */
const ADOPTED_MAX = 500;

/**
 * Looks up what runs of before reached, why they failed and whose they are; the newest first, and each queue's by
 * themselves.
 */
export function createAdoption(deps: {
  results: Pick<Results, 'adopt' | 'stop'>;
  causes: Pick<Causes, 'adopt' | 'stop'>;
  facts: Pick<Facts, 'findOwner'>;
  jobs: Pick<JobStore, 'recentlyEnded' | 'list'>;
  log: Log;
}) {
  const { results, causes, facts, jobs, log } = deps;
  let isStopping = false;
  const works: Promise<void>[] = [];

  async function adopt(queue: string): Promise<void> {
    await results.adopt(queue);
    await causes.adopt(jobs.recentlyEnded(queue, ADOPTED_MAX));
    for (const job of jobs.list(queue, { limit: ADOPTED_MAX })) {
      if (isStopping) return;
      await facts.findOwner(job);
    }
  }

  return {
    /** Begins with those of a queue; what fails is told by `stop`. */
    start(queue: string): void {
      const work = adopt(queue);
      work.catch((error) => log.warn({ err: error, queue }, 'what a queue had before was not looked up'));
      works.push(work);
    },
    /** Nothing more is read, also of what ends now; what is being read is read to its end. */
    async stop(): Promise<void> {
      isStopping = true;
      causes.stop();
      await results.stop();
      await Promise.all(works);
    },
  };
}

export type Adoption = ReturnType<typeof createAdoption>;
