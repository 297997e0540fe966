import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../bench/suggest-functions.ts';
import { axesOf } from '../../src/suggest/space.ts';

describe('the functions that suggestions are judged by', () => {
  it('are ten, each with a source, four and more not separable', () => {
    expect(FUNCTIONS).toHaveLength(10);
    expect(FUNCTIONS.every(({ source }) => /\d{4}/.test(source))).toBe(true);
    expect(FUNCTIONS.filter(({ separable }) => !separable).length).toBeGreaterThanOrEqual(4);
  });

  it.each(FUNCTIONS.map((each) => [each.name, each] as const))(
    '%s is lowest where it is said to be, within its ranges',
    (_name, { options, optimum, lowest, value }) => {
      expect(value(optimum)).toBeCloseTo(lowest, 3);
      for (const { key, isCategory, placeOf } of axesOf(options, {})) {
        const place = placeOf(isCategory ? String(optimum[key] === 1) : String(optimum[key]))!;
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(1);
      }
    },
  );

  it('have their best neither in the middle of a range nor at a round part of it', () => {
    for (const { name, options, optimum } of FUNCTIONS.filter((each) => each.name !== 'step'))
      for (const { key, isCategory, placeOf } of axesOf(options, {})) {
        const parts = placeOf(String(optimum[key]))! * 24;
        if (!isCategory)
          expect([name, key, Math.abs(parts - Math.round(parts)) > 0.005]).toEqual([name, key, true]);
      }
  });
});
