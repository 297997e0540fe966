import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { within } from '../../src/core/within.ts';

describe('work that is waited for only so long', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
  });
  afterEach(() => {
    vi.useRealTimers();
    process.off('unhandledRejection', note);
  });
  /** From here on it is this test that says how time passes, and every timer is known. */
  const holdTime = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

  it('gives its value, and leaves no timer', async () => {
    holdTime();
    expect(await within(60_000, Promise.resolve(7), () => 'late')).toBe(7);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fails with its own error, and leaves no timer', async () => {
    holdTime();
    await expect(within(60_000, Promise.reject(new Error('own')), () => 'late')).rejects.toThrow('own');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives way to what is said when it is late, or to the error that is thrown then', async () => {
    holdTime();
    const never = new Promise<number>(() => {});
    const late = within(5, never, () => 'late');
    const refused = within(5, never, () => {
      throw new Error('too late');
    });
    const isRefused = expect(refused).rejects.toThrow('too late');
    expect(vi.getTimerCount()).toBe(2);
    await vi.advanceTimersByTimeAsync(5);
    expect(await late).toBe('late');
    await isRefused;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('asks for nothing late where it was in time', async () => {
    let asked = 0;
    await within(5, Promise.resolve(), () => {
      asked += 1;
    });
    await sleep(20);
    expect(asked).toBe(0);
  });

  it('disturbs nobody when it fails after its time', async () => {
    const work = sleep(15).then(() => Promise.reject(new Error('afterwards')));
    expect(await within(1, work, () => null)).toBeNull();
    await sleep(40);
    expect(unhandled).toEqual([]);
  });
});
