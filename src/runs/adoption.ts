import type { JobsService } from '../core/services/jobs.ts';
import type { Causes } from '../notify/causes.ts';
import type { Facts } from '../notify/facts.ts';
import type { Results } from './results.ts';

/** Jobs of a queue's history that are looked into at a start. */
const ADOPTED_MAX = 500;

/** Looks up what runs of before reached, why they failed and whose they are; the newest first. */
export function createAdoption(deps: {
  results: Pick<Results, 'adopt' | 'stop'>;
  causes: Pick<Causes, 'adopt' | 'stop'>;
  facts: Pick<Facts, 'findOwner'>;
  jobs: Pick<JobsService, 'recentlyEnded' | 'list'>;
}) {
  const { results, causes, facts, jobs } = deps;
  let isStopping = false;
  let work: Promise<void> | undefined;

  async function adopt(): Promise<void> {
    await results.adopt();
    await causes.adopt(jobs.recentlyEnded(ADOPTED_MAX));
    for (const job of jobs.list({ limit: ADOPTED_MAX })) {
      if (isStopping) return;
      await facts.findOwner(job);
    }
  }

  return {
    /** Begins; what fails is told by `stop`. */
    start(): void {
      work = adopt();
      work.catch(() => {});
    },
    /** Nothing more is read, also of what ends now; what is being read is read to its end. */
    async stop(): Promise<void> {
      isStopping = true;
      causes.stop();
      await results.stop();
      await work;
    },
  };
}

export type Adoption = ReturnType<typeof createAdoption>;
