import { isEnded, jobKeyText } from './core/job.ts';
import type { SnapshotChange } from './core/queue.ts';
import type { JobRecord } from './core/services.ts';
import type { Clock } from './core/time.ts';
import type { Transition } from './core/transition.ts';
import { inOrder, jobTransitions, moves, removal } from './queue/diff.ts';
import type { Db } from './store/db.ts';
import type { JobStore } from './store/jobs.ts';

/** A transition as it was appended to the memory. */
export interface Recorded {
  id: number;
  transition: Transition;
  job: JobRecord;
}

/**
 * Takes what a queue says into the memory: one transaction a reading, in which transitions are appended, jobs
 * and experiment rows updated, and what is to be said about them put into the outbox. A crash leaves all of it
 * or nothing, so that the next reading finds the same difference again.
 */
export function createTracker(deps: {
  db: Db;
  jobs: JobStore;
  clock: Clock;
  /** Experiment rows of jobs that changed; inside the transaction. */
  onJobs(jobs: readonly JobRecord[]): void;
  /** What happened, in order; inside the transaction. Not called for the history of a queue seen for the first time. */
  onTransitions(recorded: readonly Recorded[]): void;
  /** Those of them that are a job's end; inside the transaction. */
  onEnded(recorded: readonly Recorded[]): void;
  /** The queue as a whole changed; inside the transaction. */
  onQueue(change: SnapshotChange): void;
}) {
  const { db, jobs, clock } = deps;
  let readBefore = false;

  return db.transaction((change: SnapshotChange, owners: ReadonlyMap<string, string>): void => {
    const { snapshot } = change;
    const seenAt = clock();
    const waitingBefore = jobs.waiting(snapshot.queue);
    const firstEver = waitingBefore === undefined;
    const transitions: Transition[] = [];
    const changed: JobRecord[] = [];

    for (const job of change.changed) {
      const { known, changed: worthKeeping } = jobs.put(job);
      if (!worthKeeping) continue;
      const owner = owners.get(jobKeyText(job));
      if (owner !== undefined) jobs.setOwner(job, owner);
      transitions.push(...jobTransitions(known, job, seenAt));
      changed.push(jobs.get(job)!);
    }
    for (const job of vanished(change)) {
      jobs.markRemoved(job);
      transitions.push(removal(job, seenAt));
      changed.push(jobs.get(job)!);
    }
    readBefore = true;
    for (const { jobId, from, to } of moves(waitingBefore ?? [], snapshot.order)) {
      const job = snapshot.jobs.get(jobId);
      if (!job || !jobs.get(job)) continue;
      const { queue, enqueuedAt } = job;
      const detail = { from, to };
      transitions.push({
        job: { queue, jobId, enqueuedAt },
        kind: 'moved',
        at: seenAt,
        seenAt,
        rebuilt: false,
        detail,
      });
    }
    if (firstEver || change.orderChanged) jobs.setWaiting(snapshot.queue, snapshot.order, seenAt);

    const recorded = inOrder(transitions).map((transition) => ({
      id: jobs.append(transition),
      transition,
      job: jobs.get(transition.job)!,
    }));
    if (changed.length > 0) deps.onJobs(changed);
    if (!firstEver && recorded.length > 0) {
      deps.onTransitions(recorded);
      deps.onEnded(
        recorded.filter(({ transition, job }) => isEnded(job.status) && transition.kind === job.status),
      );
    }
    if (changed.length > 0 || change.orderChanged || change.observerChanged) deps.onQueue(change);
  }).immediate;

  /** Jobs that the queue dropped: those it names, and at the first reading what the memory holds as unfinished. */
  function vanished({ snapshot, removed }: SnapshotChange): JobRecord[] {
    const byKey = new Map<string, JobRecord>();
    for (const key of removed) {
      const job = jobs.get(key);
      if (job && !job.removed) byKey.set(jobKeyText(job), job);
    }
    if (readBefore) return [...byKey.values()];
    for (const job of jobs.unfinished(snapshot.queue)) {
      const now = snapshot.jobs.get(job.jobId);
      if (!job.removed && now?.enqueuedAt !== job.enqueuedAt) byKey.set(jobKeyText(job), job);
    }
    return [...byKey.values()];
  }
}

export type Tracker = ReturnType<typeof createTracker>;
