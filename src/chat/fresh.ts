import { BotError } from '../core/errors.ts';
import { isEnded, type Job } from '../core/job.ts';
import { jobNow, type Queues } from '../core/queues.ts';
import { within } from '../core/within.ts';

/** Naming jobs has a queue read no more often than this, milliseconds. */
const HOLDS_MS = 3_000;
/** So long a queue that does not answer is waited for; one that is known not to is not asked. */
const WAIT_MS = 5_000;

/** Has words that name jobs understood by what queues hold now: one that came since the last poll is not known yet. */
export type Fresh = <T>(meant: () => T, jobsOf: (value: T) => readonly Job[]) => Promise<T>;

/** `read`: reads a queue; resolves when the database is up to date with it. */
export function createFresh({
  queues,
  read,
}: {
  queues: Pick<Queues, 'ofSettings' | 'of' | 'watches'>;
  read(queue: string): Promise<unknown>;
}): Fresh {
  const askedAt = new Map<string, number>();

  async function look(): Promise<void> {
    const now = performance.now();
    const due = queues.ofSettings.filter(
      ({ name, health }) => health().ok && now - (askedAt.get(name) ?? Number.NEGATIVE_INFINITY) >= HOLDS_MS,
    );
    for (const { name } of due) askedAt.set(name, now);
    await within(WAIT_MS, Promise.allSettled(due.map(({ name }) => read(name))), () => []);
  }

  /** Its queue holds it no more, and may have given its number to another one. */
  const isPast = (job: Job) => isEnded(job.status) && queues.watches(job) && !jobNow(queues, job);

  return async (meant, jobsOf) => {
    try {
      const value = meant();
      if (!jobsOf(value).some(isPast)) return value;
    } catch (error) {
      if (!(error instanceof BotError) || error.code !== 'unknown-job') throw error;
    }
    await look();
    return meant();
  };
}
