import { expect, it } from 'vitest';
import { isSameJob, type JobKey } from '../../src/core/job.ts';

it('a job is the one that is named where queue, id and enqueue time are the same', () => {
  const key: JobKey = { queue: 'g1', jobId: 'job-0000001', enqueuedAt: 1_795_446_972.123 };
  expect(isSameJob({ ...key }, key)).toBe(true);
  expect(isSameJob({ ...key, queue: 'g2' }, key)).toBe(false);
  expect(isSameJob({ ...key, jobId: 'job-0000002' }, key)).toBe(false);
  expect(isSameJob({ ...key, enqueuedAt: key.enqueuedAt + 0.001 }, key)).toBe(false);
  expect([undefined, null].map((none) => isSameJob(none as JobKey | undefined, key))).toEqual([false, false]);
});
