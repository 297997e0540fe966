import { isEnded, type Job, type JobKey, type JobStatus } from './job.ts';
import type { Doer } from './person.ts';

export const TRANSITION_KINDS = [
  'enqueued',
  'started',
  'completed',
  'failed',
  'cancelled',
  /** It is over, or seems to be, and nobody knows how. */
  'ended',
  /** It goes on: that it had ended was wrong. */
  'resumed',
  'moved',
  /** The recorded end was overwritten by another, as `xax queue cancel` does to an ended job. */
  'relabelled',
  /** It waits again after it had started or ended, or the file tells of it as it ran before it ended. */
  'requeued',
  /** The queue's file no longer holds it. */
  'removed',
  /** It stands in the queue's file again after that. */
  'returned',
] as const;
export type TransitionKind = (typeof TRANSITION_KINDS)[number];

/**
 * Why jobs are no longer in the queue's state: it was begun anew, numbers and all; it was put back to an older one; or only
 * their records were taken out of it.
 */
export type StateBreak = 'anew' | 'older' | 'records';

/** One change of one job, as it is appended to the database. */
export interface Transition {
  job: JobKey;
  kind: TransitionKind;
  /** When it happened by the queue's own times, epoch milliseconds; the time we saw it where the queue gives none. */
  at: number;
  /** When we saw it, epoch milliseconds. */
  seenAt: number;
  /** It came and went between two reads and is rebuilt from the job's own times. */
  rebuilt: boolean;
  /** What the kind needs beyond: positions of a move, the status before a relabelling, how the job ended. */
  detail: { from?: string | number; to?: string | number; ended?: EndOfJob; because?: StateBreak };
  /** Who asked for it here; null: nobody did, it was done outside. Absent where that is not known. */
  by?: Pick<Doer, 'name' | 'approvedBy'> | null;
}

/** What the queue's record said of an end when it was seen: `xax queue cancel` may rewrite it later. */
export type EndOfJob = Pick<Job, 'startedAt' | 'endedAt' | 'returnCode' | 'error' | 'seen'>;

/** The job as it stood when it ended, told by the transition; as it is for any other transition. */
export function asOf<T extends EndOfJob & Pick<Job, 'status'>>({ kind, detail }: Transition, job: T): T {
  return isEnded(kind as JobStatus) && detail.ended
    ? { ...job, ...detail.ended, status: kind as JobStatus }
    : job;
}

/** What is remembered of a job: enough to tell what a newer reading of it means. */
export interface KnownJob {
  status: JobStatus;
  startedAt: number | null;
  /** The queue no longer held it. */
  removed?: boolean;
}
