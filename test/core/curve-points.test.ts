import { describe, expect, it } from 'vitest';
import { curvePoints } from '../../src/core/curve-points.ts';
import type { Series } from '../../src/core/metrics.ts';

const series = (values: readonly number[], stride = 10): Series => ({
  tag: 'loss',
  length: values.length,
  steps: Float64Array.from({ length: values.length + 3 }, (_, index) =>
    index < values.length ? index * stride : 0,
  ),
  wallTimes: new Float64Array(values.length + 3),
  values: Float64Array.from([...values, 9, 9, 9]),
});

describe('the points of a curve as numbers', () => {
  it('are all of them where they are few', () => {
    expect(curvePoints(series([3, 2, 1]), { most: 3 })).toEqual({
      steps: [0, 10, 20],
      values: [3, 2, 1],
      of: 3,
    });
    expect(curvePoints(series([]), { most: 3 })).toEqual({ steps: [], values: [], of: 0 });
  });

  it('are those from one step to another, both included', () => {
    const curve = series([5, 4, 3, 2, 1]);
    expect(curvePoints(curve, { most: 9, from: 10, to: 30 })).toMatchObject({ steps: [10, 20, 30], of: 3 });
    expect(curvePoints(curve, { most: 9, from: 11 })).toMatchObject({ steps: [20, 30, 40] });
    expect(curvePoints(curve, { most: 9, to: 9 })).toMatchObject({ steps: [0] });
    expect(curvePoints(curve, { most: 9, from: 30, to: 10 })).toMatchObject({ steps: [], of: 0 });
  });

  it.each([1, 2, 3, 4, 10, 37])('are at most %i of many, the ends and the peak among them', (most) => {
    const values = Array.from({ length: 1_000 }, (_, index) => (index === 613 ? 99 : 1 / (index + 1)));
    const points = curvePoints(series(values), { most });
    expect(points.steps.length).toBeLessThanOrEqual(most);
    expect([points.of, points.steps.at(-1)]).toEqual([1_000, 9_990]);
    if (most > 1) expect(points.steps[0]).toBe(0);
    if (most > 3) expect(points.values).toContain(99);
    expect(points.steps).toEqual([...points.steps].sort((a, b) => a - b));
  });

  it('say that a value is no number by null, and lose neither it nor the count', () => {
    const values = Array.from({ length: 200 }, (_, index) => (index % 50 === 20 ? Number.NaN : index));
    const { steps, values: shown } = curvePoints(series(values), { most: 30 });
    expect(shown).toContain(null);
    expect([steps.length <= 30, steps.length]).toEqual([true, shown.length]);
    expect(curvePoints(series([1, Number.POSITIVE_INFINITY]), { most: 5 }).values).toEqual([1, null]);
  });
});
