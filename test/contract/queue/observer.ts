import { afterEach, expect, test } from 'vitest';
import { LONG, PATIENCE_MS, type QueueUnderTest } from './under-test.ts';

/** How the observer is started and stopped. */
export function observing(at: QueueUnderTest): void {
  const { jobNow, until, reaches, enqueue, busy } = at;

  const isActive = () => at.queue.snapshot()!.observer?.active === true;

  afterEach(async () => {
    await at.queue.refresh();
    if (!isActive()) await at.queue.observer!.control({ action: 'start', mayEnd: [] });
    await until(isActive);
  }, PATIENCE_MS);

  test('stopped, the job that runs ends as an interruption, what waits stays; started, it goes on', async () => {
    const [running, waiting] = await busy({ seconds: 0.2 });
    expect(await at.queue.observer!.control({ action: 'stop', mayEnd: [running!] })).toEqual({ done: true });
    await at.queue.refresh();
    expect(isActive()).toBe(false);
    expect(await at.queue.gpus!.reservations()).toEqual([]);
    expect(jobNow(running!)).toMatchObject({
      status: 'failed',
      returnCode: -1,
      error: expect.stringMatching(/^(Recovered stale running|Queue stopped while job was running)/),
    });
    expect(jobNow(waiting!).status).toBe('queued');
    expect(await at.queue.observer!.control({ action: 'start', mayEnd: [] })).toEqual({ done: true });
    await reaches(waiting!, 'completed');
    expect(isActive()).toBe(true);
  });

  test.each(['stop', 'restart'] as const)('a %s that would end another job is refused', async (action) => {
    const [ended, next] = await enqueue({ seconds: 0.2 }, { seconds: LONG });
    await reaches(next!, 'running');
    const { startedAt } = at.queue.snapshot()!.observer!;
    for (const mayEnd of [[], [ended!], [{ ...next!, enqueuedAt: next!.enqueuedAt - 1 }]]) {
      expect(await at.queue.observer!.control({ action, mayEnd })).toEqual({
        done: false,
        reason: expect.stringContaining(`${next!.jobId} is running now`),
      });
    }
    await at.queue.refresh();
    expect(jobNow(next!).status).toBe('running');
    expect(at.queue.snapshot()!.observer!.startedAt).toBe(startedAt);
  });

  test('started when it is already active, it is left as it is', async () => {
    const { startedAt } = at.queue.snapshot()!.observer!;
    expect(
      await at.queue.observer!.control({
        action: 'start',
        mayEnd: [],
        gpus: { kind: 'listed', indices: [0] },
      }),
    ).toEqual({ done: false, reason: expect.stringMatching(/already active|active already/) });
    await at.queue.refresh();
    expect(at.queue.snapshot()!.observer).toMatchObject({ active: true, startedAt });
    expect(await at.queue.gpus!.reservations()).toMatchObject([{ kind: 'all' }]);
  });

  test('keeps the GPUs it was given through a restart, until it is given others', async () => {
    const restart = async (more = {}) => {
      const before = at.queue.snapshot()!.observer!;
      expect(await at.queue.observer!.control({ action: 'restart', mayEnd: [], ...more })).toEqual({
        done: true,
      });
      await until(() => isActive() && at.queue.snapshot()!.observer!.startedAt > before.startedAt);
    };
    await restart({ gpus: { kind: 'listed', indices: [2, 0] } });
    expect(await at.queue.gpus!.reservations()).toMatchObject([{ kind: 'listed', indices: [2, 0] }]);
    await restart();
    expect(await at.queue.gpus!.reservations()).toMatchObject([{ kind: 'listed', indices: [2, 0] }]);
    await at.queue.observer!.control({ action: 'stop', mayEnd: [] });
    await at.queue.observer!.control({ action: 'start', mayEnd: [] });
    expect(await at.queue.gpus!.reservations()).toMatchObject([{ kind: 'all' }]);
  });

  test('a process of a running job is its own; ours is not', async () => {
    expect(at.queue.ownsProcess(process.ppid)).toBe(false);
    const [running] = await busy();
    if (at.queue.simulated) return;
    await until(() => jobNow(running!).pid !== null);
    expect(at.queue.ownsProcess(jobNow(running!).pid!)).toBe(true);
    expect(at.queue.ownsProcess(process.pid)).toBe(false);
  });
}
