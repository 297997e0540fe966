import type { JobsService } from '../../core/services/jobs.ts';
import { createIntake, type Intake } from '../../ingest/intake.ts';
import { createJobsService } from '../../ingest/jobs.ts';
import { createTracker } from '../../ingest/tracker.ts';
import type { Base } from './base.ts';
import type { Stores } from './stores.ts';

/** From the queue's state to the jobs in the database. */
export interface Ingest {
  intake: Intake;
  jobs: JobsService;
  /** Reads the queue now; resolves when the database is up to date. */
  readQueue(): Promise<void>;
}

export function buildIngest(
  { db, queue, clock, log, timings, events, stores }: Base & { stores: Stores },
  given: Partial<Ingest> = {},
): Ingest {
  const { jobs, edits, people } = stores;
  const track = createTracker({
    db,
    jobs,
    edits,
    clock,
    onJobs: (changed) => events.emit('jobsRecorded', changed),
    onTransitions: (recorded, reading) => events.emit('transitionsRecorded', { recorded, reading }),
    onQueue: (change) => events.emit('queueChanged', change),
    onCommitted: (recorded) => events.emit('transitionsCommitted', recorded),
  });
  const intake =
    given.intake ??
    createIntake({
      queue,
      track,
      isKnown: () => jobs.waiting(queue.name) !== undefined,
      isNew: (job) => jobs.get(job) === undefined,
      log,
      timings: timings.intake,
    });
  return {
    intake,
    jobs: createJobsService(jobs, queue.name, people),
    async readQueue() {
      await queue.refresh();
      await intake.settled();
    },
    ...given,
  };
}
