import type { EndSeen, JobKey } from './job.ts';

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

/** Keeps them over restarts. */
export interface FollowedRunStore {
  /** In the order of their numbers. */
  all(): FollowedRun[];
  add(run: Omit<FollowedRun, 'number' | 'end'>): FollowedRun;
  setEnd(number: number, end: FollowedRun['end']): void;
}
