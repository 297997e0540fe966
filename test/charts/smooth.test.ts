import { describe, expect, it } from 'vitest';
import { curvesChart } from '../../src/charts/curves.ts';
import { smooth } from '../../src/charts/smooth.ts';
import type { Series } from '../../src/core/metrics.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';

type Curve = (step: number) => number;

const evenly = (count: number, apart = 1) =>
  Float64Array.from({ length: count }, (_, index) => index * apart);
const valuesOf = (steps: Float64Array, curve: Curve) => steps.map(curve);
const smoothed = (steps: Float64Array, curve: Curve) =>
  smooth(steps, valuesOf(steps, curve), steps.length) as { x: number; y: number }[];
/** The largest and the mean distance from the true curve, as parts of its value. */
function off(points: readonly { x: number; y: number }[], truth: Curve) {
  const parts = points.map(({ x, y }) => y / truth(x) - 1);
  return {
    worst: Math.max(...parts.map(Math.abs)),
    mean: parts.reduce((sum, part) => sum + part, 0) / parts.length,
  };
}

const falling: Curve = (step) => 10 * Math.exp(-step / 60) + 1;
const slowing: Curve = (step) => 10 / Math.sqrt(1 + step);
const straight: Curve = (step) => 100 - 0.3 * step;
const exploding: Curve = (step) => 1 + 50 * Math.exp((step - 499) / 20);

describe('a smoothed curve', () => {
  it.each<[string, Curve, number, number]>([
    ['falls', falling, 1_000, 0.001],
    ['falls as a power', slowing, 5_000, 0.04],
    ['falls straight', straight, 300, 1e-9],
    ['rises straight', (step) => 1 + step, 300, 1e-9],
    ['is constant', () => 3.25, 200, 1e-12],
    ['explodes at its end', exploding, 500, 0.01],
    ['falls, with more points than are smoothed one by one', (step) => falling(step / 50), 50_000, 0.002],
  ])('lies on one that %s, at its ends too', (_, curve, count, most) => {
    expect(off(smoothed(evenly(count), curve), curve).worst).toBeLessThan(most);
  });

  it.each<[string, Curve]>([
    ['falling', falling],
    ['slowing', slowing],
    ['rising', (step) => 1 + step / 100],
  ])('of noise around a %s curve lies neither above nor below it', (_, curve) => {
    const random = seededRandom(11);
    const noise = () => 1 + 0.2 * (random() + random() + random() - 1.5);
    const { worst, mean } = off(
      smoothed(evenly(1_500), (step) => curve(step) * noise()),
      curve,
    );
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(worst).toBeLessThan(0.25);
  });

  it('is where the curve is beside a spike, however high, at the steps before and after and in it', () => {
    const random = seededRandom(5);
    for (const height of [10, 1_000, 1e9, -1e9])
      for (const at of [[500], [500, 501], [300, 500, 700], [3], [996]]) {
        const curve: Curve = (step) =>
          at.includes(step) ? height : falling(step) * (0.98 + 0.04 * random());
        expect(off(smoothed(evenly(1_000), curve), falling).worst).toBeLessThan(0.05);
      }
  });

  it('takes a step for a step, and a reward that is mostly none for what it is on average', () => {
    const step = smoothed(evenly(1_000), (at) => (at < 500 ? 1 : 5));
    expect(step.find(({ x }) => x >= 400)!.y).toBeCloseTo(1, 6);
    expect(step.find(({ x }) => x >= 600)!.y).toBeCloseTo(5, 6);
    const random = seededRandom(3);
    const rewards = smoothed(evenly(4_000), () => (random() < 0.1 ? 1 : 0));
    expect(rewards.reduce((sum, { y }) => sum + y, 0) / rewards.length).toBeCloseTo(0.1, 1);
  });

  it('lies on the curve where steps are uneven, doubled or far apart', () => {
    const random = seededRandom(9);
    let at = 0;
    const uneven = Float64Array.from({ length: 600 }, () => (at += random() < 0.05 ? 40 : random()));
    expect(off(smoothed(uneven, straight), straight).worst).toBeLessThan(1e-6);
    const doubled = Float64Array.from({ length: 400 }, (_, index) => index >> 1);
    expect(off(smoothed(doubled, straight), straight).worst).toBeLessThan(1e-9);
    expect(smoothed(new Float64Array(100), () => 2).every(({ y }) => y === 2)).toBe(true);
  });

  it('keeps gaps, and is within what it is made of', () => {
    const values = Array.from({ length: 300 }, (_, index) =>
      index >= 100 && index < 150 ? Number.NaN : 1 / (1 + index),
    );
    const points = smooth(evenly(300), values, 300);
    expect(points.filter(({ y }) => y === null)).toHaveLength(1);
    expect(points.find(({ y }) => y === null)!.x).toBe(100);
    for (const { y } of points) if (y !== null) expect(y).toBeGreaterThan(0);
    expect(smooth(evenly(3), [Number.NaN, Number.POSITIVE_INFINITY, Number.NaN], 3)).toEqual([]);
    expect(smooth([], [], 0)).toEqual([]);
  });

  it('is of a bounded number of points, in order, in a time that grows with the curve', () => {
    const random = seededRandom(2);
    for (const length of [60, 1_200, 1_201, 200_000]) {
      const xs = evenly(length);
      const points = smooth(
        xs,
        Float64Array.from(xs, () => (random() < 0.3 ? Number.NaN : random())),
        length,
      );
      expect(points.length).toBeLessThan(2_500);
      expect(points.every(({ x }, index) => index === 0 || x >= points[index - 1]!.x)).toBe(true);
    }
  });

  it('is called smoothed in the legend, with how far, and what was logged beside it', () => {
    const series: Series = {
      ...{ tag: 'loss', length: 300, steps: evenly(300, 10), wallTimes: evenly(300, 60) },
      values: valuesOf(evenly(300), falling),
    };
    const labels = (curves: { label: string; series: Series; behind?: boolean }[], axis?: 'relative') =>
      curvesChart({ title: 't', curves, ...(axis ? { axis } : {}) })
        .datasets.filter(({ unlisted }) => !unlisted)
        .map(({ label }) => label);
    expect(labels([{ label: 'a', series }])).toEqual(['smoothed, ±100 steps', 'logged values']);
    expect(labels([{ label: 'a', series }], 'relative')).toEqual(['smoothed, ±0.17 hours', 'logged values']);
    expect(
      labels([
        { label: 'a', series },
        { label: 'b', series, behind: true },
      ]),
    ).toEqual(['a, smoothed', 'b, smoothed']);
    const short = { ...series, length: 20 };
    expect(labels([{ label: 'a', series: short }])).toEqual(['a']);
  });
});
