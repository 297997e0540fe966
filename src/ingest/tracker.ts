import { isEnded, isSameJob, type JobKey, jobKeyText } from '../core/job.ts';
import type { SnapshotChange } from '../core/queue.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { Clock } from '../core/time.ts';
import type { StateBreak, Transition, TransitionKind } from '../core/transition.ts';
import type { Db } from '../store/db.ts';
import type { EditStore } from '../store/edits.ts';
import type { JobStore } from '../store/jobs.ts';
import type { RecoveredStore } from '../store/recovered.ts';
import { inOrder, jobTransitions, moves, removal } from './diff.ts';
import { stateBreak } from './state-break.ts';

/** A transition as it was appended to the database. */
export interface Recorded {
  id: number;
  transition: Transition;
  job: JobRecord;
}

/** Whether it tells of a job's end. */
export function isEnding({ transition, job }: Recorded): boolean {
  return isEnded(job.status) && transition.kind === job.status;
}

/** What the queue itself dates; when anything else happened is when it was seen. */
const DATED: readonly TransitionKind[] = ['enqueued', 'started', 'completed', 'failed', 'cancelled', 'ended'];

/** Whether something has happened since an instant (epoch ms) until which all was told; without one it has. */
function isNewsSince(until: number | undefined): (recorded: Recorded) => boolean {
  return ({ transition: { kind, at } }) => until === undefined || (DATED.includes(kind) && at > until);
}

/** How a queue as a whole changed. */
export interface QueueChange extends SnapshotChange {
  /** The ids of those that waited before, in order; null where all of them are to be shown anew. */
  waitedBefore: readonly string[] | null;
}

/** What a reading is beside its transitions. */
export interface Reading {
  /** The first of this process: what it brings happened while nobody watched. */
  isFirst: boolean;
  /** Jobs that are missing from the queue's state as a whole, or came back, and why; null: none. */
  broken: { because: StateBreak; queue: string; gone: JobRecord[]; returned: number } | null;
}

/**
 * Takes what a queue says into the database: one transaction a reading, in which transitions are appended, jobs
 * and experiment rows updated, and what is to be said about them put into the outbox. A crash leaves all of it
 * or nothing, so that the next reading finds the same difference again.
 */
export function createTracker(deps: {
  db: Db;
  jobs: JobStore;
  edits: Pick<EditStore, 'claim' | 'moving'>;
  /** A queue that a database that was lost has told of until then. */
  quiet: Pick<RecoveredStore, 'quietUntil' | 'wasRead'>;
  clock: Clock;
  /** Experiment rows of jobs that changed; inside the transaction. */
  onJobs(jobs: readonly JobRecord[]): void;
  /** What happened, in order; inside the transaction. Not called for the history of a queue seen for the first time. */
  onTransitions(recorded: readonly Recorded[], reading: Reading): void;
  /** Jobs that changed without a word, as that was told before; inside the transaction. */
  onAdopted(jobs: readonly JobRecord[]): void;
  /** The same, once the database holds it. */
  onCommitted(recorded: readonly Recorded[]): void;
  /** The queue as a whole changed; inside the transaction. */
  onQueue(change: QueueChange): void;
}) {
  const { db, jobs, edits, clock } = deps;
  let readBefore = false;

  /** What it told of the queue's jobs; null: it told nothing of them. */
  const take = db.transaction((change: SnapshotChange, owners: ReadonlyMap<string, string>) => {
    const { snapshot } = change;
    const seenAt = clock();
    const waitingBefore = jobs.waiting(snapshot.queue);
    const firstEver = waitingBefore === undefined;
    // A state that is not there says nothing of the jobs that are known: it may be back in a moment.
    if (snapshot.isAbsent && !firstEver && !readBefore && jobs.held(snapshot.queue).length > 0) {
      deps.onQueue({ ...change, waitedBefore: null });
      return null;
    }
    const transitions: Transition[] = [];
    const changed: JobRecord[] = [];
    const numbering = { before: jobs.nextIndex(snapshot.queue), now: snapshot.nextIndex };
    const missing = vanished(change);
    // Of a database that never kept the numbering nobody knows since when those that ended long ago are missing.
    const isOldNews = (job: JobRecord) => !readBefore && numbering.before === null && isEnded(job.status);
    const gone = missing.filter((job) => !isOldNews(job));
    let fresh = 0;
    let returned = 0;

    for (const job of change.changed) {
      const { known, changed: worthKeeping } = jobs.put(job);
      if (!worthKeeping) continue;
      if (!known) fresh += 1;
      if (known?.removed) returned += 1;
      const owner = owners.get(jobKeyText(job));
      if (owner !== undefined) jobs.setOwner(job, owner);
      transitions.push(...jobTransitions(known, job, seenAt));
      changed.push(jobs.get(job)!);
    }
    const kept = snapshot.jobs.size - fresh - returned;
    const setBack = transitions.filter(({ detail }) => detail.because === 'older').length;
    const because = stateBreak(gone, { kept, returned, setBack }, snapshot.jobs, numbering);
    for (const job of missing) jobs.markRemoved(job);
    for (const job of gone) {
      transitions.push(removal(job, seenAt, because ?? 'records'));
      changed.push(jobs.get(job)!);
    }
    const asked = edits.moving(snapshot.queue);
    for (const { jobId, from, to } of moves(waitingBefore ?? [], snapshot.order, asked)) {
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
    if (snapshot.nextIndex !== null && snapshot.nextIndex !== numbering.before)
      jobs.setNextIndex(snapshot.queue, snapshot.nextIndex);

    const recorded = inOrder(transitions).map((transition) => {
      const id = jobs.append(transition);
      edits.claim(id, transition);
      return { id, transition, job: jobs.get(transition.job)! };
    });
    if (changed.length > 0) deps.onJobs(changed);
    const quietUntil = deps.quiet.quietUntil(snapshot.queue);
    const told = firstEver ? [] : recorded.filter(isNewsSince(quietUntil));
    if (quietUntil !== undefined) {
      deps.quiet.wasRead(snapshot.queue);
      deps.onAdopted(changed);
    }
    if (told.length > 0) {
      const broken =
        because && quietUntil === undefined ? { because, queue: snapshot.queue, gone, returned } : null;
      deps.onTransitions(told, { isFirst: !readBefore, broken });
    }
    if (changed.length > 0 || change.orderChanged || change.observerChanged)
      deps.onQueue({ ...change, waitedBefore: readBefore ? (waitingBefore ?? null) : null });
    return told;
  }).immediate;

  /** Jobs that the queue no longer holds: of those it dropped, and at the first reading of all that it held before. */
  function vanished({ snapshot, changed, removed }: SnapshotChange): JobRecord[] {
    const keys: readonly JobKey[] = readBefore ? removed : jobs.held(snapshot.queue);
    const told = new Map(changed.map((job) => [job.jobId, job]));
    const isGone = (key: JobKey) => !isSameJob(told.get(key.jobId) ?? snapshot.jobs.get(key.jobId), key);
    return keys.filter(isGone).flatMap((key) => {
      const job = jobs.get(key);
      if (!job || job.removed) return [];
      return snapshot.forgets && isEnded(job.status) ? [] : [job];
    });
  }

  return (change: SnapshotChange, owners: ReadonlyMap<string, string>): void => {
    const told = take(change, owners);
    if (told === null) return;
    readBefore = true;
    if (told.length > 0) deps.onCommitted(told);
  };
}

export type Tracker = ReturnType<typeof createTracker>;
