import { afterEach, beforeEach, expect, it } from 'vitest';
import { resolveJob } from '../../src/chat/job-reference.ts';
import { jobKeyText, jobName } from '../../src/core/job.ts';
import type { Queue } from '../../src/core/queue.ts';
import { createQueues } from '../../src/core/queues.ts';
import { createJobsService } from '../../src/ingest/jobs.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import { createJobStore, type JobStore } from '../../src/store/jobs.ts';
import { job } from '../experiments/world.ts';
import { temporaryFolder } from '../helpers.ts';

const QUEUE = 'cluster';
const tasks = {
  ...{ total: 3, waiting: 1, running: 0, completed: 1, failed: 1, cancelled: 0, unknown: 0 },
  which: { waiting: '12', completed: '0', failed: '7' },
};
let db: Db;
let jobs: JobStore;
const named = (reference: string) =>
  resolveJob(reference, {
    queues: createQueues([{ name: QUEUE, snapshot: () => undefined } as unknown as Queue]),
    jobs: createJobsService(jobs, [QUEUE], { spellingsOf: () => ({ persons: [], unix: [] }) }),
  });

beforeEach(() => {
  db = openDb(temporaryFolder());
  jobs = createJobStore(db);
  jobs.put(job(1, { queue: QUEUE, jobId: '4711', tasks }));
  jobs.put(job(2, { queue: QUEUE, jobId: '4712' }));
});
afterEach(() => db.close());

it('a job is named by the number that its queue gave it, and the newest life of that', () => {
  expect(named('4712').jobId).toBe('4712');
  expect(named('cluster/4712').jobId).toBe('4712');
  jobs.put(job(3, { queue: QUEUE, jobId: '4712', enqueuedAt: job(2).enqueuedAt + 60, restarts: 1 }));
  expect(named('4712').restarts).toBe(1);
});

it("a task is named by its array's number and its own, and is found again by its key", () => {
  const task = named('4711_7');
  expect(task).toMatchObject({ jobId: '4711', task: 7 });
  expect(jobName(task)).toBe('4711_7');
  expect(named(jobKeyText(task))).toMatchObject({ jobId: '4711', task: 7, enqueuedAt: task.enqueuedAt });
  expect(named('4711')).not.toHaveProperty('task');
});

it('a task that there is not, and one of what is no array, is refused by name', () => {
  expect(() => named('4711_99')).toThrow(/array 4711 has no task 99/);
  expect(() => named('4712_0')).toThrow(/4712 is no array/);
  expect(() => named('9_0')).toThrow(/no job "9_0"/);
});

it('which task somebody meant is kept nowhere', () => {
  jobs.put({ ...named('4711_7') });
  expect(named('4711')).not.toHaveProperty('task');
});
