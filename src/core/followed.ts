import { type EndSeen, isGuess, type JobKey } from './job.ts';

/** What stands in the place of a queue's name in the keys of runs that no queue started; no queue of the settings can be called so. */
export const FOLLOWED = '_followed';

/** Whether a job is a run that no queue started, and that is only followed. */
export function isFollowed({ queue }: Pick<JobKey, 'queue'>): boolean {
  return queue === FOLLOWED;
}

/** The id of the run of that number. */
export function followedId(number: number): string {
  return `run-${number}`;
}

/** By what a followed run is known to have ended, in words, and what reads such words again. */
export const SIGNS = {
  gone: (pid: number) => `its process ${pid} is gone`,
  silent: (duration: string) => `nothing was written there for ${duration}`,
  away: 'its folder is not there any more',
  left: (name: string) => `${name} stopped following it, and nobody looks at whether it still runs`,
};
const SIGN = new RegExp(
  `^(its process \\d+ is gone|nothing was written there for [\\d a-z]+|${SIGNS.away}|[^\\n]+ stopped following it, and nobody looks at whether it still runs)$`,
);

/** Whether a text is one of these signs, whole. */
export function isSign(text: string): boolean {
  return SIGN.test(text);
}

/** A run that is followed in its folder. Times are epoch seconds. */
export interface FollowedRun {
  /** Counts from 1. */
  number: number;
  /** With links resolved. */
  folder: string;
  task: string;
  /** What runs it, by its id and when it began; null: nobody said. */
  process: { pid: number; startedAt: number } | null;
  /** Since when it is followed. */
  followedAt: number;
  /** That of its process; else when its folder was made. */
  startedAt: number;
  /** Without a process: after how long without a write it is taken to have ended, milliseconds. */
  silentMs: number;
  end: { at: number; seen: EndSeen } | null;
}

/** Whether it has ended for good: nobody looks at it any more. */
export function isOver({ end }: Pick<FollowedRun, 'end'>): boolean {
  return end !== null && !isGuess(end.seen);
}

/** Keeps them over restarts. */
export interface FollowedRunStore {
  /** In the order of their numbers. */
  all(): FollowedRun[];
  add(run: Omit<FollowedRun, 'number' | 'end'>): FollowedRun;
  setEnd(number: number, end: FollowedRun['end']): void;
}
