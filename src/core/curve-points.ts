import { decimate } from './decimate.ts';
import type { Series } from './metrics.ts';

/** Points of a curve as numbers: two columns of one length. A value that is no finite number is null. */
export interface CurvePoints {
  steps: number[];
  values: (number | null)[];
  /** How many points the curve has between these steps. */
  of: number;
}

/**
 * At most so many points of a curve from one step to another, both included: all of them, or its ends and what keeps
 * its peaks.
 */
export function curvePoints(
  series: Series,
  {
    most,
    from = Number.NEGATIVE_INFINITY,
    to = Number.POSITIVE_INFINITY,
  }: { most: number; from?: number; to?: number },
): CurvePoints {
  const steps = series.steps.subarray(0, series.length);
  const begin = firstFrom(steps, (step) => step >= from);
  const end = firstFrom(steps, (step) => step > to);
  const xs = steps.subarray(begin, end);
  const ys = series.values.subarray(begin, end);
  const of = xs.length;
  const point = (index: number) => ({ x: xs[index]!, y: Number.isFinite(ys[index]) ? ys[index]! : null });
  if (of <= most)
    return columns(
      Array.from(xs, (_step, index) => point(index)),
      of,
    );
  if (most < 3) return columns([point(0), point(of - 1)].slice(-most), of);
  const hasGaps = ys.some((value) => !Number.isFinite(value));
  // Of a bucket there are the least, the greatest, and a gap where there is one.
  const buckets = Math.max(1, Math.floor((most - 2) / (hasGaps ? 3 : 2)));
  const within = decimate(xs.subarray(1, -1), ys.subarray(1, -1), of - 2, buckets);
  return columns([point(0), ...within.slice(0, most - 2), point(of - 1)], of);
}

function columns(points: readonly { x: number; y: number | null }[], of: number): CurvePoints {
  return { steps: points.map(({ x }) => x), values: points.map(({ y }) => y), of };
}

/** The first index of ascending numbers for which it holds; their number where it never does. */
function firstFrom(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
