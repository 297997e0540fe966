import { expect, test } from 'vitest';
import type { JobKey } from '../../../src/core/job.ts';
import type { QueueUnderTest } from './under-test.ts';

/** A key and nothing else of its job. */
const keyOf = ({ queue: inQueue, jobId, enqueuedAt }: JobKey): JobKey => ({
  queue: inQueue,
  jobId,
  enqueuedAt,
});

/** How a waiting job is taken out. */
export function cancelling(at: QueueUnderTest): void {
  const { jobNow, order, reaches, enqueue, busy } = at;

  test('ends exactly the named job, in one step', async () => {
    const [, a, b] = await busy({ seconds: 1 }, { seconds: 1 });
    expect(await at.queue.cancel(a!)).toEqual({ done: true });
    await reaches(a!, 'cancelled');
    expect(jobNow(a!)).toMatchObject({
      error: 'Cancelled before execution',
      startedAt: null,
      endedAt: expect.any(Number),
    });
    expect(order()).toEqual([b!.jobId]);
  });

  test('an ended job is refused and its history stays as it was', async () => {
    const [failed] = await enqueue({ seconds: 0.2, fails: true });
    await reaches(failed!, 'failed');
    const before = { ...jobNow(failed!) };
    expect(await at.queue.cancel(failed!)).toEqual({
      done: false,
      reason: expect.stringContaining('is failed'),
    });
    await at.queue.refresh();
    expect(jobNow(failed!)).toEqual(before);
  });

  test('a running job is refused and runs on', async () => {
    const [running] = await busy();
    expect(await at.queue.cancel(running!)).toEqual({
      done: false,
      reason: expect.stringMatching(/is (already )?running/),
    });
    await at.queue.refresh();
    expect(jobNow(running!).status).toBe('running');
  });

  test('a job of the same id and another enqueue time is refused', async () => {
    const [, a] = await busy({ seconds: 1 });
    const other = { ...keyOf(a!), enqueuedAt: a!.enqueuedAt + 0.001 };
    expect(await at.queue.cancel(other)).toEqual({
      done: false,
      reason: expect.stringContaining('no longer in the queue'),
    });
    await at.queue.refresh();
    expect(jobNow(a!).status).toBe('queued');
  });
}
