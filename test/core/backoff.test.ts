import { describe, expect, it } from 'vitest';
import { pauseAfter } from '../../src/core/backoff.ts';

const PAUSES = { firstMs: 1_000, longestMs: 60_000 };

describe('the pause between attempts', () => {
  it('doubles with each failure in a row, up to the longest', () => {
    expect([1, 2, 3, 6, 7].map((failures) => pauseAfter(PAUSES, failures))).toEqual([
      1_000, 2_000, 4_000, 32_000, 60_000,
    ]);
  });

  it('is a number of milliseconds after however many failures', () => {
    expect([0, -1, 40, 10_000].map((failures) => pauseAfter(PAUSES, failures))).toEqual([
      1_000, 1_000, 60_000, 60_000,
    ]);
  });

  it('is what the platform asks for, be that longer or none at all', () => {
    expect(pauseAfter(PAUSES, 1, 120_000)).toBe(120_000);
    expect(pauseAfter(PAUSES, 7, 0)).toBe(0);
  });

  it('is its own where what is asked for is no time', () => {
    expect([-1, Number.NaN].map((asked) => pauseAfter(PAUSES, 2, asked))).toEqual([2_000, 2_000]);
  });
});
