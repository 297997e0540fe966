import type { Queue } from '../../core/queue.ts';
import type { KnownJobs } from '../../core/services/jobs.ts';
import { createFollowing, type Following } from '../../ingest/following.ts';
import { createIntake } from '../../ingest/intake.ts';
import { createJobsService } from '../../ingest/jobs.ts';
import { createTracker } from '../../ingest/tracker.ts';
import type { Base } from './base.ts';
import type { Stores } from './stores.ts';

/** From the queues' states to the jobs in the database. */
export interface Ingest {
  following: Following;
  jobs: KnownJobs;
}

export function buildIngest(
  { db, queues, clock, log, timings, events, stores }: Base & { stores: Stores },
  given: Partial<Ingest> = {},
): Ingest {
  const { jobs, edits, people } = stores;
  /** Each queue has its own, with its own failures. */
  const intakeOf = (queue: Queue) =>
    createIntake({
      queue,
      track: createTracker({
        db,
        jobs,
        edits,
        clock,
        onJobs: (changed) => events.emit('jobsRecorded', changed),
        quiet: stores.recovered,
        onAdopted: (adopted) => events.emit('jobsAdopted', adopted),
        onTransitions: (recorded, reading) => events.emit('transitionsRecorded', { recorded, reading }),
        onQueue: (change) => events.emit('queueChanged', change),
        onCommitted: (recorded) => events.emit('transitionsCommitted', recorded),
      }),
      isKnown: () => jobs.waiting(queue.name) !== undefined,
      isNew: (job) => !jobs.has(job),
      log,
      timings: timings.intake,
    });
  const names = queues.all.map(({ name }) => name);
  return {
    following:
      given.following ??
      createFollowing({
        ...{ queues, intakeOf, log },
        unfinished: (queue) => jobs.unfinished(queue),
        timings: timings.following,
      }),
    jobs: createJobsService(jobs, names, people),
    ...given,
  };
}
