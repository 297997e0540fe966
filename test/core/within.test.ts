import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { within } from '../../src/core/within.ts';

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('work that is waited for only so long', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  let before: number;
  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
    before = timers();
  });
  afterEach(() => process.off('unhandledRejection', note));

  it('gives its value, and leaves no timer', async () => {
    expect(await within(60_000, Promise.resolve(7), () => 'late')).toBe(7);
    expect(timers()).toBe(before);
  });

  it('fails with its own error, and leaves no timer', async () => {
    await expect(within(60_000, Promise.reject(new Error('own')), () => 'late')).rejects.toThrow('own');
    expect(timers()).toBe(before);
  });

  it('gives way to what is said when it is late, or to the error that is thrown then', async () => {
    const never = new Promise<number>(() => {});
    expect(await within(5, never, () => 'late')).toBe('late');
    const refused = within(5, never, () => {
      throw new Error('too late');
    });
    await expect(refused).rejects.toThrow('too late');
    expect(timers()).toBe(before);
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
