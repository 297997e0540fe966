import type { JobKey } from './job.ts';

export const TRANSITION_KINDS = [
  'enqueued',
  'started',
  'completed',
  'failed',
  'cancelled',
  'moved',
  /** The recorded end was overwritten by another, as `xax queue cancel` does to an ended job. */
  'relabelled',
  /** It waits again after it had started or ended. */
  'requeued',
  /** The queue's file no longer holds it. */
  'removed',
] as const;
export type TransitionKind = (typeof TRANSITION_KINDS)[number];

/** One change of one job, as it is appended to the memory. */
export interface Transition {
  job: JobKey;
  kind: TransitionKind;
  /** When it happened by the queue's own times, epoch milliseconds; the time we saw it where the queue gives none. */
  at: number;
  /** When we saw it, epoch milliseconds. */
  seenAt: number;
  /** It came and went between two reads and is rebuilt from the job's own times. */
  rebuilt: boolean;
  /** What the kind needs beyond: positions of a move, the status before a relabelling. */
  detail: { from?: string | number; to?: string | number };
}
