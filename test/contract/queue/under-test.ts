import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { isEnded, type Job, type JobKey, type JobStatus } from '../../../src/core/job.ts';
import type { LaunchRequest, Queue, SnapshotChange } from '../../../src/core/queue.ts';

/** What a job of the harness does once it runs. */
export interface HarnessJob {
  /** How long it runs when nobody ends it. */
  seconds: number;
  fails?: boolean;
  ignoresSigterm?: boolean;
}

/** A queue with an active observer, and a way to put jobs into it from outside. */
export interface QueueHarness {
  queue: Queue;
  enqueue(job: HarnessJob): Promise<JobKey>;
  /** A request that the launcher takes, and one that it fails at; absent where nothing can be launched. */
  launches?: { good: LaunchRequest; failing: LaunchRequest; failure: RegExp };
  /** What its own word is for a job that was killed, where that is not that it failed. */
  killed?: JobStatus;
  /** It says itself whose a job is, whatever lies in its run folder. */
  tellsUser?: boolean;
  close(): Promise<void>;
}

/** How long anything may take that is waited for; real launches import for seconds. */
export const PATIENCE_MS = 120_000;
/** Longer than any test runs. */
export const LONG = 3_600;

/** The queue of a harness, which is empty before each test, and what the behaviours of the contract ask of it. */
export function queueUnderTest(makeHarness: () => Promise<QueueHarness>) {
  let harness: QueueHarness;
  let queue: Queue;
  const changes: SnapshotChange[] = [];
  /** What the listener was told of each job, as it was told. */
  const told: Job[] = [];

  beforeAll(async () => {
    harness = await makeHarness();
    queue = harness.queue;
    await queue.start((change) => {
      changes.push(change);
      told.push(...change.changed);
    });
  }, PATIENCE_MS);
  afterAll(() => harness?.close(), PATIENCE_MS);
  afterEach(emptyQueue, PATIENCE_MS);

  const jobNow = ({ jobId }: { jobId: string }) => queue.snapshot()!.jobs.get(jobId)!;
  const order = () => [...queue.snapshot()!.order];

  async function until(holds: () => unknown): Promise<void> {
    while (!holds()) await sleep(20);
  }

  function reaches(key: JobKey, status: JobStatus): Promise<void> {
    return until(() => jobNow(key)?.status === status);
  }

  async function enqueue(...jobs: HarnessJob[]): Promise<JobKey[]> {
    const keys: JobKey[] = [];
    for (const job of jobs) {
      const key = await harness.enqueue(job);
      await until(() => jobNow(key));
      keys.push(key);
    }
    return keys;
  }

  /** A job that runs, and others that wait behind it. */
  async function busy<N extends HarnessJob[]>(...waiting: N): Promise<JobKey[]> {
    const [running] = await enqueue({ seconds: LONG });
    await reaches(running!, 'running');
    return [running!, ...(await enqueue(...waiting))];
  }

  async function emptyQueue(): Promise<void> {
    for (const id of order()) await queue.cancel(jobNow({ jobId: id }));
    for (const id of queue.snapshot()!.running) await queue.kill(jobNow({ jobId: id }), { graceMs: 300 });
    await until(
      () => order().length === 0 && [...queue.snapshot()!.jobs.values()].every((job) => isEnded(job.status)),
    );
  }

  return {
    get queue() {
      return queue;
    },
    get harness() {
      return harness;
    },
    changes,
    told,
    jobNow,
    order,
    until,
    reaches,
    enqueue,
    busy,
  };
}

export type QueueUnderTest = ReturnType<typeof queueUnderTest>;
