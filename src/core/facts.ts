import type { Job } from './job.ts';
import type { JobLink } from './links.ts';
import type { Chart, Progress } from './metrics.ts';
import type { Observer } from './queue.ts';
import type { FoundPlace } from './run-place.ts';
import type { JobRecord } from './services/jobs.ts';
import type { Reference, SettingsTold } from './services/runs.ts';
import type { WaitingLaunches } from './waiting-launch.ts';

/** Seconds from now as a range; null without a basis. */
export type Range = { low: number; high: number } | null;

/** Why a job ended as it did, in one line, and the log lines that say so. */
export interface Cause {
  text: string;
  lines: string[];
  /** What to try; null where nothing helps in general. */
  advice: string | null;
}

/** What a run reached by its session's objective, else by its loss. */
export interface Reached {
  tag: string;
  value: number;
  /** By which rule it is that one, where nobody declared it; absent where its tag says as much. */
  rule?: string | undefined;
  /** Other curves of which that rule says as much. */
  alike?: readonly string[] | undefined;
  /** That curve's end, or the loss's, where it is NaN or infinite: `value` may be the best on the way. */
  lost?: { tag: string; value: number } | undefined;
}

/** What a job's card is made from. Plain JSON. */
export interface JobFacts {
  job: JobRecord;
  /** 1-based place among the waiting; null when it does not wait. */
  place: number | null;
  startsIn: Range;
  progress: Progress | null;
  left: Range;
  /** Why it failed; empty for any other end. */
  cause: string;
  /** The row's id; empty while there is none. */
  experimentId: string;
  hypothesis: string;
  /** What was expected to be seen, as it was planned. */
  expected: string;
  /** The result as it stands in the log; empty while only a machine has spoken. */
  result: string;
  assignments: Readonly<Record<string, string>>;
  /** Of those the ones that are as in its preset by default. */
  usual?: readonly string[];
  /** It came of a preset that is still declared and takes the same settings, in a session that is open. */
  canRetry: boolean;
  /** Its queue lets jobs be moved. */
  canMove: boolean;
  objective: Reached | null;
  /** Where it is, if not in its run folder, or which folders that could be; absent where nothing of that is known. */
  writes?: NonNullable<FoundPlace> | undefined;
  /** What its settings change against the run it is measured against; null without one. */
  changes: {
    why: Reference['why'];
    jobId: string;
    experimentId: string;
    text: string;
    told?: SettingsTold;
  } | null;
  /** Its curve; null before it has one. */
  chart: Chart | null;
  /** What is launched when it has ended; absent where nothing is. */
  next?: WaitingLaunches | undefined;
  /** What is seen of it elsewhere: its commit, its page in a tracker, TensorBoard. */
  links: JobLink[];
  /** When these were gathered, epoch milliseconds. */
  now: number;
}

/** A queue as a whole at one moment. Plain JSON. */
export interface QueueStatus {
  queue: string;
  simulated: boolean;
  /** What runs without a queue. */
  beside?: true | undefined;
  /** What is wrong with reading the queue; null when all is well. */
  problem: string | null;
  /** Nothing is known of its jobs: it has not been read yet, or its state is missing. What stands below says nothing then. */
  unread?: true;
  /** While something is wrong: when it was read last, epoch milliseconds. */
  lastReadAt?: number | null;
  /** The command line that starts an observer; absent where the queue has none. */
  startedBy?: string;
  observer: Observer | null;
  running: { job: Job; owner: string | null; progress: Progress | null; left: Range }[];
  waiting: { job: Job; owner: string | null; startsIn: Range }[];
  waitingCount: number;
  ended: {
    job: Job;
    owner: string | null;
    objective: Reached | null;
    summary: string;
  }[];
}

/** What the board card and `status` show: the first queue, what ended last in any, and the other queues. Plain JSON. */
export interface BoardStatus extends QueueStatus {
  /** False where nothing can be queued from here on any of them. */
  canLaunch?: boolean;
  /** What waits to be launched when a job has ended; absent where nothing does. */
  launches?: WaitingLaunches;
  /** Absent where there is one queue. */
  others?: Omit<QueueStatus, 'ended'>[];
}
