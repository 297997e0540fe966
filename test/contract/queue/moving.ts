import { expect, test } from 'vitest';
import type { QueueUnderTest } from './under-test.ts';

/** How a waiting job is given another place. */
export function moving(at: QueueUnderTest): void {
  const { order, until, busy } = at;

  test('puts exactly the named job at its place, in one step, and tells of the new order', async () => {
    const [, a, b, c] = await busy({ seconds: 1 }, { seconds: 1 }, { seconds: 1 });
    const before = at.changes.length;
    expect(await at.queue.move!(c!, 1)).toEqual({ done: true });
    await until(() => order()[0] === c!.jobId);
    expect(order()).toEqual([c!.jobId, a!.jobId, b!.jobId]);
    expect(at.changes.slice(before).some(({ orderChanged }) => orderChanged)).toBe(true);
  });

  test.each([0, -1, 1.5, 3])('to place %d of 2 is refused, not clamped', async (place) => {
    const [, a, b] = await busy({ seconds: 1 }, { seconds: 1 });
    const result = await at.queue.move!(a!, place);
    expect(result).toEqual({ done: false, reason: expect.stringContaining(`position ${place}`) });
    await at.queue.refresh();
    expect(order()).toEqual([a!.jobId, b!.jobId]);
  });

  test('a running job is refused', async () => {
    const [running] = await busy({ seconds: 1 });
    expect(await at.queue.move!(running!, 1)).toEqual({
      done: false,
      reason: expect.stringMatching(/is (already )?running/),
    });
  });

  test('a job of the same id and another enqueue time is refused', async () => {
    const [, a, b] = await busy({ seconds: 1 }, { seconds: 1 });
    expect((await at.queue.move!({ ...b!, enqueuedAt: b!.enqueuedAt - 60 }, 1)).done).toBe(false);
    await at.queue.refresh();
    expect(order()).toEqual([a!.jobId, b!.jobId]);
  });
}
