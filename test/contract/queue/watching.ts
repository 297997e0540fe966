import { expect, test } from 'vitest';
import type { QueueUnderTest } from './under-test.ts';

/** What is told of the jobs, and when. */
export function watching(at: QueueUnderTest): void {
  const { jobNow, order, until, reaches, enqueue, busy } = at;

  test('every state of a job is told with the times the queue gives', async () => {
    const [, waiting] = await enqueue({ seconds: 1 }, { seconds: 1 });
    await reaches(waiting!, 'completed');
    const states = at.told.filter(
      ({ jobId, enqueuedAt }) => jobId === waiting!.jobId && enqueuedAt === waiting!.enqueuedAt,
    );
    expect([...new Set(states.map(({ status }) => status))]).toEqual(['queued', 'running', 'completed']);
    const { enqueuedAt, startedAt, endedAt, returnCode, error } = states.at(-1)!;
    expect(startedAt).toBeGreaterThanOrEqual(enqueuedAt);
    expect(endedAt).toBeGreaterThanOrEqual(startedAt!);
    expect({ returnCode, error }).toEqual({ returnCode: 0, error: null });
  });

  test('a job that fails is told with its return code', async () => {
    const [key] = await enqueue({ seconds: 0.5, fails: true });
    await reaches(key!, 'failed');
    expect(jobNow(key!)).toMatchObject({ returnCode: 1, error: 'Exited with return code 1' });
  });

  test('the snapshot names what runs, what waits in order, and an active observer', async () => {
    const [running, first, second] = await busy({ seconds: 1 }, { seconds: 1 });
    if (at.queue.observer)
      await until(() => at.queue.snapshot()!.observer?.status === `running:${running!.jobId}`);
    const { queue: inQueue, running: ids, observer } = at.queue.snapshot()!;
    expect({ inQueue, ids, order: order() }).toEqual({
      inQueue: at.queue.name,
      ids: [running!.jobId],
      order: [first!.jobId, second!.jobId],
    });
    if (at.queue.observer) expect(observer).toMatchObject({ active: true });
    // One that cannot be steered from here may still be told of.
    else if (observer) expect(observer).toMatchObject({ active: true });
    expect(at.queue.health()).toMatchObject({ ok: true });
  });

  test('reading anew tells nothing that was told before', async () => {
    await busy();
    await at.queue.refresh();
    const before = at.told.filter(({ status }) => status === 'completed').length;
    await at.queue.refresh();
    expect(at.told.filter(({ status }) => status === 'completed')).toHaveLength(before);
  });
}
