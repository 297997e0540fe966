import type { JobKey } from '../job.ts';
import type { ProposalState } from '../proposal-state.ts';
import type { Patience } from '../request.ts';
import type { TransitionKind } from '../transition.ts';

/** Something that happened; `at`: when, epoch milliseconds. */
export type FeedEvent = { at: number } & (
  | { of: 'job'; job: JobKey; change: TransitionKind }
  | { of: 'proposal'; proposal: number; state: ProposalState }
  /** A watch's condition came to hold, or is over; `job` null: about the host. */
  | { of: 'watch'; rule: string; job: JobKey | null; words: string; over: boolean }
);

/** A cursor's: `812.9.14`; with rows that are open, `812.9-7-8.14-12`. */
export const CURSOR_FORM = /^\d{1,15}(?:\.\d{1,15}(?:-\d{1,15}){0,500}){2}$/;

/**
 * What has happened, in the order of the database. A cursor says how far somebody has read; it names rows, so that it
 * holds whatever is restarted meanwhile.
 */
export interface FeedService {
  /** The cursor after all that has happened. */
  cursor(): string;
  /** What happened after a cursor, oldest first, at most so many, and the cursor after them. Error `bad-cursor`. */
  since(cursor: string, limit: number): { events: FeedEvent[]; next: string };
  /**
   * What `find` finds, looked for again whenever something happened; undefined when it is not found in time (milliseconds),
   * when whoever asks has gone, or when the bot stops.
   */
  until<T>(find: () => T | undefined, patience: { ms: number; gone: AbortSignal }): Promise<T | undefined>;
}

/** For how long to wait for somebody who asks for so many seconds, or does not say; milliseconds. */
export function waitMs(patience: Patience | undefined, seconds: number | undefined): number {
  if (!patience) return 0;
  return Math.min(seconds === undefined ? patience.usualMs : seconds * 1000, patience.maxMs);
}
