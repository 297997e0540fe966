import type { Objective } from './experiment.ts';
import type { Series } from './metrics.ts';

/** Points at a curve's end that tell its jitter: the later half, within these bounds. */
const WINDOW_MAX = 50;
const WINDOW_MIN = 10;
/**
 * A shorter curve's jitter decides nothing: of two equal ones of 20 points that are smooth it tells 3 in 10 apart
 * (`npm run bench noise`).
 */
export const TELLING_POINTS = 40;
/** Coefficients of the trend that is taken out: a parabola. */
const TREND = 3;
/** Points that follow one another more closely than this tell too little of their jitter. */
const CORRELATION_MAX = 0.95;
/** At least this part of the noise is taken to be left beside the trend. */
const LEFT_MIN = 1 / 6;
/** Parts of the later half whose means tell how a curve wanders, and the least points of each. */
const PARTS = 10;
const PART_MIN = 20;
/** Of normal numbers half lie within so many deviations, and so much more varies 1, -2, 1 of them. */
const NORMAL_MEDIAN = 0.6745;
const BEND_VARIANCE = 6;

/**
 * How much the value that an objective takes from a curve jitters with it: a standard deviation, in the value's unit.
 * The points at the curve's end are freed of their trend (a parabola), and what is left is taken for noise of which
 * each point may follow the one before it (an autoregression of order 1, as of a smoothed metric; its correlation with
 * the correction of Marriott and Pope 1954); what the curve wanders more slowly is added. It says nothing of what another
 * seed would give. Null where there are fewer than 10 points, one that is no number, or none that differs from the trend.
 */
export function jitterOf(series: Series, { take = 'last', points = 10 }: Pick<Objective, 'take' | 'points'>) {
  const count = Math.min(WINDOW_MAX, Math.max(WINDOW_MIN, series.length >> 1));
  if (series.length < count) return null;
  const last = Array.from({ length: count }, (_, index) => series.values[series.length - count + index]!);
  if (!last.every(Number.isFinite)) return null;
  const rest = withoutTrend(last);
  const squares = rest.reduce((sum, each) => sum + each * each, 0);
  if (!(squares > 1e-20 * last.reduce((sum, each) => sum + each * each, 0))) return null;
  const lagged = rest.slice(1).reduce((sum, each, index) => sum + each * rest[index]!, 0) / squares;
  const correlation = Math.min(CORRELATION_MAX, Math.max(0, (lagged * count + TREND) / (count - TREND - 1)));
  const independent = (count * (1 - correlation)) / (1 + correlation);
  // The trend takes its part of the noise with it.
  const left = Math.max(LEFT_MIN, 1 - TREND / independent);
  const deviation = Math.sqrt(squares / count / left);
  const averaged = Math.sqrt((1 + correlation) / (1 - correlation) / Math.min(points, series.length));
  return Math.hypot(deviation * (take === 'mean' ? Math.min(1, averaged) : 1), wanderOf(series));
}

/**
 * How far a curve wanders more slowly than its last points show: the standard deviation of the means of the parts of
 * its later half, by the median of their second differences, which neither a trend nor a single step moves much.
 * 0 where it is too short to tell.
 */
function wanderOf({ values, length }: Series): number {
  const size = Math.floor(length / 2 / PARTS);
  if (size < PART_MIN) return 0;
  const means = Array.from({ length: PARTS }, (_, part) => {
    const start = length - (PARTS - part) * size;
    return values.subarray(start, start + size).reduce((sum, value) => sum + value, 0) / size;
  });
  const bends = means.slice(2).map((mean, at) => Math.abs(mean - 2 * means[at + 1]! + means[at]!));
  const [below, above] = bends.toSorted((a, b) => a - b).slice(PARTS / 2 - 2, PARTS / 2);
  const wander = (below! + above!) / 2 / (NORMAL_MEDIAN * Math.sqrt(BEND_VARIANCE));
  return Number.isFinite(wander) ? wander : 0;
}

/** What is left of values at equal distances beside the parabola that fits them best (Gram's polynomials). */
function withoutTrend(values: readonly number[]): number[] {
  const middle = (values.length - 1) / 2;
  const places = values.map((_value, index) => (index - middle) / middle);
  const square = places.reduce((sum, place) => sum + place * place, 0) / places.length;
  const bases = [places.map(() => 1), places, places.map((place) => place * place - square)];
  let rest = [...values];
  for (const base of bases) {
    const dot = (other: readonly number[]) =>
      base.reduce((sum, each, index) => sum + each * other[index]!, 0);
    const factor = dot(rest) / dot(base);
    rest = rest.map((each, index) => each - factor * base[index]!);
  }
  return rest;
}

/** The spread of repeated runs, over all settings that were repeated. */
export interface SeedSpread {
  /** Standard deviation of one run's value. */
  deviation: number;
  /** Degrees of freedom: runs less groups. */
  degrees: number;
}

/** Of groups of equal runs the spread within them, pooled; null where no run was repeated, or all gave the same. */
export function pooledSpread(groups: readonly (readonly number[])[]): SeedSpread | null {
  let squares = 0;
  let degrees = 0;
  for (const values of groups) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    squares += values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    degrees += Math.max(0, values.length - 1);
  }
  return degrees > 0 && squares > 0 ? { deviation: Math.sqrt(squares / degrees), degrees } : null;
}

/** Beyond so many deviations lies one in twenty, on both sides, with one and two degrees of freedom (Student 1908). */
const STUDENT = [12.706, 4.303];
const NORMAL = 1.96;

/** The same for any degrees of freedom (Abramowitz and Stegun 1964, 26.7.5; within 1% from three on). */
export function studentFactor(degrees: number): number {
  const z = NORMAL;
  return (
    STUDENT[degrees - 1] ??
    z +
      (z ** 3 + z) / (4 * degrees) +
      (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
      (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  );
}
