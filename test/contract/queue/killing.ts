import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LONG, type QueueUnderTest } from './under-test.ts';

/** How a running job is ended. */
export function killing(at: QueueUnderTest): void {
  const { jobNow, reaches, enqueue, busy } = at;

  test('a job that heeds SIGTERM gets no more than that', async () => {
    const [running, next] = await busy({ seconds: LONG });
    const signals: string[] = [];
    const result = await at.queue.kill(running!, {
      graceMs: 30_000,
      onSignal: (signal) => signals.push(signal),
    });
    expect({ result, signals }).toMatchObject({
      result: { done: true, endedBy: 'SIGTERM' },
      signals: ['SIGTERM'],
    });
    await reaches(running!, at.harness.killed ?? 'failed');
    expect(jobNow(running!).error).toBe('Terminated by signal 15');
    await reaches(next!, 'running');
  });

  test('a job that ignores SIGTERM gets SIGKILL after the grace period', async () => {
    const [key] = await enqueue({ seconds: LONG, ignoresSigterm: true });
    await reaches(key!, 'running');
    await sleep(1_000);
    const signals: string[] = [];
    const result = await at.queue.kill(key!, { graceMs: 500, onSignal: (signal) => signals.push(signal) });
    expect({ result, signals }).toMatchObject({
      result: { done: true, endedBy: 'SIGKILL' },
      signals: ['SIGTERM', 'SIGKILL'],
    });
    await reaches(key!, at.harness.killed ?? 'failed');
    expect(jobNow(key!).error).toBe('Terminated by signal 9');
  });

  test('a waiting job is refused', async () => {
    const [, waiting] = await busy({ seconds: 1 });
    expect(await at.queue.kill(waiting!, { graceMs: 100 })).toEqual({
      done: false,
      reason: expect.stringContaining('is waiting'),
    });
  });

  test('a job that has ended is refused, and the one that took its place runs on', async () => {
    const [ended, next] = await enqueue({ seconds: 0.5 }, { seconds: LONG });
    await reaches(next!, 'running');
    const signals: string[] = [];
    const result = await at.queue.kill(ended!, { graceMs: 100, onSignal: (signal) => signals.push(signal) });
    expect({ result, signals }).toEqual({
      result: { done: false, reason: expect.stringContaining('has ended') },
      signals: [],
    });
    await at.queue.refresh();
    expect(jobNow(next!).status).toBe('running');
  });

  test('a job of the same id and another enqueue time is refused', async () => {
    const [running] = await busy();
    const result = await at.queue.kill(
      { ...running!, enqueuedAt: running!.enqueuedAt - 1 },
      { graceMs: 100 },
    );
    expect(result).toEqual({ done: false, reason: expect.stringContaining('no longer in the queue') });
    await at.queue.refresh();
    expect(jobNow(running!).status).toBe('running');
  });

  test('a job that ends within the grace period leaves the next one alone', async () => {
    const [first, next] = await enqueue({ seconds: 3, ignoresSigterm: true }, { seconds: LONG });
    await reaches(first!, 'running');
    await sleep(1_000);
    const signals: string[] = [];
    const result = await at.queue.kill(first!, {
      graceMs: 60_000,
      onSignal: (signal) => signals.push(signal),
    });
    expect({ result, signals }).toMatchObject({
      result: { done: true, endedBy: 'SIGTERM' },
      signals: ['SIGTERM'],
    });
    await reaches(next!, 'running');
    await sleep(500);
    expect(jobNow(next!).status).toBe('running');
  });
}
