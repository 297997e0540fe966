import { expect, it } from 'vitest';
import { durationText } from '../../src/core/time.ts';

it('a duration has at most two units, and none is negative', () => {
  expect([45_000, 200_000, 7_500_000, 356_400_000, 0, -400, -448_000].map(durationText)).toEqual([
    '45 s',
    '3 min 20 s',
    '2 h 5 min',
    '4 d 3 h',
    '0 s',
    '0 s',
    '0 s',
  ]);
});
