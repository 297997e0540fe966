import { errorText } from '../core/errors.ts';
import { foldChanges } from '../core/fold-changes.ts';
import { type Job, jobKeyText } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { Queue, SnapshotChange } from '../core/queue.ts';
import type { HealthItem } from '../core/services/health.ts';
import type { Tracker } from './tracker.ts';

export const INTAKE_TIMINGS = {
  /** Pause before the database is tried again after it failed (a full disk, a lock). */
  retryMs: 1_000,
};

/**
 * Hands a queue's changes to the tracker one after the other, with the owners of new jobs. What the database
 * could not take is kept and tried again, folded with what came since: nothing is lost while the process lives,
 * and after that the database itself is what the next start compares with.
 */
export function createIntake(deps: {
  queue: Queue;
  track: Tracker;
  /** The database knows this queue; before that, its whole history is new and nobody is told of it. */
  isKnown(): boolean;
  isNew(job: Job): boolean;
  log: Log;
  timings?: typeof INTAKE_TIMINGS;
}) {
  const { queue, track, isKnown, isNew, log, timings = INTAKE_TIMINGS } = deps;
  let waiting: SnapshotChange | null = null;
  let work: Promise<void> | null = null;
  let problem: string | null = null;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  async function drain(): Promise<void> {
    while (waiting && !stopped) {
      const change = waiting;
      waiting = null;
      try {
        track(change, await ownersOf(change));
        problem = null;
      } catch (error) {
        const words = errorText(error);
        if (problem !== words) log.error({ err: error }, 'the database could not take a change of the queue');
        problem = words;
        waiting = waiting ? foldChanges(change, waiting) : change;
        retry = setTimeout(start, timings.retryMs);
        return;
      }
    }
  }

  /** Owners of new jobs. The history of a queue seen for the first time is left to be looked up when asked for. */
  async function ownersOf({ changed }: SnapshotChange): Promise<Map<string, string>> {
    const owners = new Map<string, string>();
    if (!isKnown()) return owners;
    for (const job of changed.filter(isNew)) {
      const owner = await queue.ownerOf(job).catch(() => null);
      if (owner !== null) owners.set(jobKeyText(job), owner);
    }
    return owners;
  }

  function start(): void {
    work ??= drain().finally(() => {
      work = null;
      // What came as the last of them was being finished; what failed has its own time.
      if (waiting && problem === null && !stopped) start();
    });
  }

  return {
    take(change: SnapshotChange): void {
      waiting = waiting ? foldChanges(waiting, change) : change;
      start();
    },
    /** Resolves when all changes have been recorded or wait for a retry. */
    async settled(): Promise<void> {
      while (work) await work;
    },
    health: (): HealthItem => ({
      name: 'database',
      ok: problem === null,
      detail: problem ?? 'up to date',
    }),
    async stop(): Promise<void> {
      await this.settled();
      stopped = true;
      clearTimeout(retry);
    },
  };
}

export type Intake = ReturnType<typeof createIntake>;
