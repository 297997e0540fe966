import type { DrawnPoint } from '../core/decimate.ts';
import { spikesIn } from './spikes.ts';

/** Means of neighbours are smoothed where there are more points than this: what is beneath shares a pixel. */
const BINS = 1_200;
/** So many points of the smoothed curve are worked out; what lies between is straight. */
const DRAWN = 300;
/** A point is smoothed over this part of the run on either side of it. */
const REACH = 1 / 30;
const REACH_LEAST = 6;
/** At its start a run falls steeply: there a point is smoothed over as many later ones as there are earlier ones, but so many at least. */
const REACH_AT_START = 4;

/** Neighbours as one point; a bin without a finite value is a gap. */
interface Bins {
  xs: number[];
  ys: number[];
}

/**
 * Local regression, a parabola through the neighbours of each point weighted by how near they are along `xs` (Cleveland's
 * LOESS, tricube, degree 2): as much of what is before a point as of what comes after, so that it neither lags behind a curve
 * that falls nor rides above it, however unevenly the steps lie. A few values far off all their neighbours are left
 * out of it. At most about `2 * BINS` points, in the order of `xs`, which rise; gaps stay gaps. Linear in `length`.
 */
export function smooth(xs: ArrayLike<number>, values: ArrayLike<number>, length: number): DrawnPoint[] {
  const bins = binned(xs, values, length);
  const finite = [...bins.ys.keys()].filter((index) => !Number.isNaN(bins.ys[index]!));
  const isSpike = spikesIn(finite.map((index) => bins.ys[index]!));
  const used = finite.filter((_, nth) => !isSpike[nth]);
  const kept = { xs: used.map((index) => bins.xs[index]!), ys: used.map((index) => bins.ys[index]!) };
  const reach = Math.max(REACH_LEAST, Math.round(kept.xs.length * REACH));
  const every = Math.ceil(bins.ys.length / DRAWN);
  const drawn: DrawnPoint[] = [];
  let [nth, before, sinceDrawn] = [0, 0, every];
  for (const [index, y] of bins.ys.entries()) {
    const x = bins.xs[index]!;
    if (Number.isNaN(y)) {
      if (drawn.length > 0 && drawn.at(-1)!.y !== null) drawn.push({ x, y: null });
      sinceDrawn = every;
      continue;
    }
    sinceDrawn += 1;
    const isLast = index + 1 === bins.ys.length || Number.isNaN(bins.ys[index + 1]!);
    if (sinceDrawn >= every || isLast) {
      drawn.push({ x, y: fitted(kept, x, before, reach) });
      sinceDrawn = 0;
    }
    if (!isSpike[nth]) before += 1;
    nth += 1;
  }
  return drawn;
}

/** How far to either side a point of a run of so many is smoothed over, as a part of the run. */
export function reachOf(length: number): number {
  return Math.min(1, Math.max(REACH_LEAST / length, REACH));
}

function binned(xs: ArrayLike<number>, values: ArrayLike<number>, length: number): Bins {
  const size = Math.max(1, Math.ceil(length / BINS));
  const bins: Bins = { xs: [], ys: [] };
  for (let start = 0; start < length; start += size) {
    const end = Math.min(length, start + size);
    let [count, x, y] = [0, 0, 0];
    for (let index = start; index < end; index += 1) {
      if (!Number.isFinite(values[index]!)) continue;
      count += 1;
      // Running means: a sum of large numbers would not be finite.
      x += (xs[index]! - x) / count;
      y += values[index]! / count - y / count;
    }
    bins.xs.push(count === 0 ? xs[start]! : x);
    bins.ys.push(count === 0 ? Number.NaN : y);
  }
  return bins;
}

/** The value at `x` of the curve through the points around it; `at`: how many lie before it. */
function fitted({ xs, ys }: Bins, x: number, at: number, reach: number): number {
  const last = xs.length - 1;
  const centre = Math.min(at, last);
  const early = Math.min(reach, Math.max(REACH_AT_START, centre));
  const to = Math.min(last, Math.max(centre + early, Math.min(last, 2 * REACH_AT_START)));
  // At the end it goes further back instead.
  const from = Math.max(0, Math.min(centre - early, to - 2 * early));
  let width = 0;
  for (let index = from; index <= to; index += 1) width = Math.max(width, Math.abs(xs[index]! - x));
  // The outermost neighbour still counts.
  width *= 1 + 1 / (to - from + 1);
  // Sums of the normal equations; values as differences from one of them, which keeps their digits.
  const base = ys[centre]!;
  let [s0, s1, s2, s3, s4, t0, t1, t2, low, high] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let index = from; index <= to; index += 1) {
    const y = ys[index]! - base;
    if (y < low) low = y;
    if (y > high) high = y;
    const u = width > 0 ? (xs[index]! - x) / width : 0;
    const u2 = u * u;
    const near = 1 - Math.abs(u) * u2;
    const weight = near * near * near;
    s0 += weight;
    s1 += weight * u;
    s2 += weight * u2;
    s3 += weight * u2 * u;
    s4 += weight * u2 * u2;
    t0 += weight * y;
    t1 += weight * y * u;
    t2 += weight * y * u2;
  }
  // A parabola may swing out of what it goes through, below zero even.
  return base + Math.min(high, Math.max(low, solved([s0, s1, s2, s3, s4], [t0, t1, t2])));
}

/** Steps that (almost) coincide bear no parabola, or no line. */
const SINGULAR = 1e-9;

/** The constant part of the parabola that fits best, or of the line or the mean where there is no more to go by. */
function solved(
  [s0, s1, s2, s3, s4]: readonly [number, number, number, number, number],
  [t0, t1, t2]: readonly [number, number, number],
): number {
  const minor = s2 * s4 - s3 * s3;
  const all = s0 * minor - s1 * (s1 * s4 - s2 * s3) + s2 * (s1 * s3 - s2 * s2);
  if (all > SINGULAR * s0 ** 3)
    return (t0 * minor - s1 * (t1 * s4 - t2 * s3) + s2 * (t1 * s3 - t2 * s2)) / all;
  const line = s0 * s2 - s1 * s1;
  return line > SINGULAR * s0 ** 2 ? (t0 * s2 - t1 * s1) / line : t0 / s0;
}
