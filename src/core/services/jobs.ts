import type { Job, JobKey, JobStatus } from '../job.ts';
import type { KilledBy } from '../kill.ts';
import type { PersonId } from '../message.ts';
import type { Transition } from '../transition.ts';

/** A job in the database: the queue's latest state, and what else we know. */
export interface JobRecord extends Job {
  /** The person who launched it from chat, else the Unix owner of its run folder, else null. */
  owner: string | null;
  /** The id of that person, where they are known; an account's (`slack:U012AB3CD`) is one too. */
  ownerPerson: PersonId | null;
  /** Whose kill through us ended it, if time, signal and return code fit; for a running job, who asked last. */
  killedBy: KilledBy | null;
  /** It is no longer in the queue's file. */
  removed: boolean;
  /** How many GPUs the queue held when it started; null: unknown. */
  gpus: number | null;
}

export interface JobFilter {
  /** Only of this queue. */
  queue?: string | undefined;
  status?: JobStatus;
  task?: string;
  owner?: string;
  /** Only those that stand behind this one, whether it is still known or not. */
  before?: JobKey | undefined;
  limit: number;
}

export interface JobsService {
  get(key: JobKey): JobRecord | undefined;
  /** Newest enqueued first. */
  list(filter: JobFilter): JobRecord[];
  /** Latest ended first. */
  /** `only`: of these queues. */
  recentlyEnded(limit: number, only?: readonly string[]): JobRecord[];
  /** Those that ended after this, also those that never began; epoch milliseconds. */
  endedSince(at: number): JobRecord[];
  /** Those that run, or ran at some time after this; epoch milliseconds. */
  ranSince(at: number): JobRecord[];
  transitions(key: JobKey): Transition[];
  /** Median run time in seconds of the last completed jobs of a task in a queue; null without one. */
  usualSeconds(taskKey: string, queue: string): number | null;
}

/** Jobs as people name them. */
export interface KnownJobs extends JobsService {
  /** The newest of that id in a queue, one that the queue still holds before one that it does not. */
  newest(queue: string, jobId: string): JobRecord | undefined;
  /** Of those that ran or run, in one queue or in any, the one that began last: what runs now did, whatever the clock said then. */
  lastBegun(queue?: string): JobRecord | undefined;
}
