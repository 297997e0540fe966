import { describe, expect, it } from 'vitest';
import { FUNCTIONS, moved, PUBLISHED } from '../../bench/suggest-functions.ts';
import { DEVELOPMENT } from '../../bench/suggest-functions-development.ts';
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

  it('are none of those on which the policy was made, which are lowest where they are said to be too', () => {
    const names = new Set(PUBLISHED.map(({ name }) => name));
    expect(DEVELOPMENT).toHaveLength(10);
    for (const { name, value, optimum, lowest } of DEVELOPMENT) {
      expect(names).not.toContain(name);
      expect([name, Math.abs(value(optimum) - lowest) < 0.001]).toEqual([name, true]);
    }
  });

  it('have other ranges for another seed, and the same for the same', () => {
    expect(moved(PUBLISHED, 1).map(({ options }) => options)).toEqual(
      moved(PUBLISHED, 1).map(({ options }) => options),
    );
    expect(moved(PUBLISHED, 1)[1]!.options).not.toEqual(moved(PUBLISHED, 2)[1]!.options);
  });
});
