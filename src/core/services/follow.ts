import type { JobKey } from '../job.ts';
import type { Doer, Person } from '../person.ts';

/** What somebody wants to be followed. */
export interface AskedFollow {
  /** As it was typed. */
  folder: string;
  /** The process that runs it; absent: nobody says. */
  pid?: number | undefined;
  /** Without a process: minutes without a write after which it is taken to have ended. */
  minutes?: number | undefined;
  task?: string | undefined;
}

/** Plain JSON. */
export interface Followed {
  /** As people name it. */
  jobId: string;
  job: JobKey;
  folder: string;
  pid: number | null;
  /** After how long without a write it is taken to have ended, milliseconds; null: its process tells. */
  silentMs: number | null;
  /** No bot runs, so that nobody looks at it until one does. */
  isLater: boolean;
}

/** Runs that no queue started, followed in their folders. */
export interface FollowService {
  /**
   * What `follow` would do, or why not; does nothing. Whose folder it is decides who may: theirs, or the bot's own for
   * whoever is an operator. Errors `no-folder`, `not-allowed`, `followed-already`, `no-process`.
   */
  check(asked: AskedFollow, person: Person): Promise<void>;
  /** The same, and follows it from now on. */
  follow(asked: AskedFollow, person: Person): Promise<Followed>;
  /** No longer: by its name, its folder, or its whole key. Errors `not-followed`, `not-allowed`. */
  unfollow(which: string | JobKey, person: Person, by: Doer): Promise<{ jobId: string; folder: string }>;
}
