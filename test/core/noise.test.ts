import { describe, expect, it } from 'vitest';
import { jitterOf, pooledSpread, studentFactor } from '../../src/core/noise.ts';
import { objectiveValue } from '../../src/core/objective.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { series } from '../series.ts';

const curveOf = (values: readonly number[]) => series('value/loss', values, { stepsApart: 1 });
const LAST = { take: 'last' } as const;
const MEAN = { take: 'mean', points: 10 } as const;
const MIN = { metric: 'value/loss', mode: 'min' } as const;

/** Numbers of the normal distribution, each following the one before by `correlation`. */
function noise(random: () => number, length: number, correlation: number): number[] {
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const values = [gauss()];
  for (let index = 1; index < length; index += 1)
    values.push(correlation * values.at(-1)! + Math.sqrt(1 - correlation ** 2) * gauss());
  return values;
}

/** How often two curves of the same kind would be told apart, in a hundred pairs of them. */
function toldApart(
  length: number,
  correlation: number,
  objective: Parameters<typeof jitterOf>[1] = LAST,
): number {
  const random = seededRandom(11);
  const pairs = 400;
  let wrong = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    const [one, other] = [noise(random, length, correlation), noise(random, length, correlation)];
    const margin = 2 * Math.hypot(jitterOf(curveOf(one), objective)!, jitterOf(curveOf(other), objective)!);
    const [a, b] = [one, other].map((each) => objectiveValue(curveOf(each), { ...MIN, ...objective })!);
    if (Math.abs(a! - b!) > margin) wrong += 1;
  }
  return (100 * wrong) / pairs;
}

describe('the jitter of a curve', () => {
  it('is that of its last points about their trend', () => {
    const random = seededRandom(3);
    const curve = noise(random, 400, 0).map((each, index) => 10 - index * 0.001 + 0.05 * each);
    const found = Array.from(
      { length: 20 },
      (_, cut) => jitterOf(curveOf(curve.slice(0, 100 + cut * 15)), LAST)!,
    );
    const mean = found.reduce((sum, each) => sum + each, 0) / found.length;
    expect(mean).toBeGreaterThan(0.04);
    expect(mean).toBeLessThan(0.06);
  });

  it('tells two curves of equal noise apart by chance only, smoothed ones too', () => {
    expect(toldApart(200, 0)).toBeLessThan(8);
    expect(toldApart(200, 0.5)).toBeLessThan(8);
    expect(toldApart(200, 0.9)).toBeLessThan(10);
    expect(toldApart(20, 0)).toBeLessThan(10);
  });

  it('knows of a wander that is slower than its last points show', () => {
    expect(toldApart(600, 0.97)).toBeLessThan(15);
    expect(toldApart(2_000, 0.99)).toBeLessThan(20);
    expect(toldApart(2_000, 0.99, MEAN)).toBeLessThan(20);
    expect(toldApart(2_000, 0.9, MEAN)).toBeLessThan(10);
  });

  it('takes neither a late step of the learning rate nor a descent for one', () => {
    const curve = (length: number, level: (part: number) => number) =>
      noise(seededRandom(5), length, 0).map((each, index) => level(index / length) + 0.01 * each);
    for (const level of [
      (part: number) => (part < 0.85 ? 1.5 : 1),
      (part: number) => 1 + 2 * Math.exp(-5 * part),
      (part: number) => 1 + 0.5 * (1 + Math.cos(Math.PI * part)),
    ])
      expect(jitterOf(curveOf(curve(2_000, level)), LAST)!).toBeLessThan(0.015);
  });

  it('does not take a descent for noise', () => {
    const descent = (length: number, over: number) =>
      Array.from({ length }, (_, index) => 0.2 + 2 * Math.exp(-index / over));
    expect(jitterOf(curveOf(descent(200, 50)), LAST)!).toBeLessThan(0.001);
    expect(jitterOf(curveOf(descent(20, 5)), LAST)!).toBeLessThan(0.02);
  });

  it('of a mean is less than that of a point, by as many points as are independent', () => {
    const random = seededRandom(5);
    const white = curveOf(noise(random, 300, 0));
    const smooth = curveOf(noise(random, 300, 0.9));
    const ofMean = (curve: typeof white) =>
      jitterOf(curve, { take: 'mean', points: 25 })! / jitterOf(curve, LAST)!;
    expect(ofMean(white)).toBeLessThan(0.35);
    expect(ofMean(smooth)).toBeGreaterThan(0.5);
    expect(ofMean(smooth)).toBeLessThanOrEqual(1);
  });

  it('is unknown of few points, of ones that are no number, and of ones that do not move', () => {
    expect(jitterOf(curveOf([1, 2, 3]), LAST)).toBeNull();
    expect(jitterOf(curveOf([...new Array(20).fill(1), Number.NaN]), LAST)).toBeNull();
    expect(jitterOf(curveOf(new Array(40).fill(0.7)), LAST)).toBeNull();
    expect(jitterOf(curveOf(Array.from({ length: 40 }, (_, index) => 3 - index * 0.01)), LAST)).toBeNull();
  });
});

describe('the spread of repeated runs', () => {
  it('is pooled over all that was repeated', () => {
    expect(pooledSpread([[1, 3]])).toEqual({ deviation: Math.SQRT2, degrees: 1 });
    const two = pooledSpread([
      [1, 3],
      [10, 10, 13],
    ])!;
    expect(two.degrees).toBe(3);
    expect(two.deviation).toBeCloseTo(Math.sqrt((2 + 6) / 3));
  });
  it('is unknown where nothing was repeated, or all gave the same to the last digit', () => {
    expect(pooledSpread([])).toBeNull();
    expect(pooledSpread([[1], [2]])).toBeNull();
    expect(pooledSpread([[2, 2]])).toBeNull();
  });
});

describe("Student's factor", () => {
  it('is that of the tables', () => {
    const tables = [1, 2, 3, 4, 5, 10, 30, 1_000].map((degrees) => Number(studentFactor(degrees).toFixed(2)));
    expect(tables).toEqual([12.71, 4.3, 3.16, 2.77, 2.57, 2.23, 2.04, 1.96]);
  });
});
