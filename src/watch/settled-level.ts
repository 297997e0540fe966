/** Where a curve has settled, and how far it strays from there by itself. */
export interface SettledLevel {
  level: number;
  /** In the unit of the values; 0 for a curve that never moved. */
  spread: number;
}

/** Points that a level is taken from: more tell no more of it. */
const SAMPLE = 512;
/** Parts of the history whose medians tell how the curve wanders. */
const PARTS = 16;
/** The part of the older half that is dropped must be worse than the newer one by so many of its spreads. */
const IMPROVED = 2;
/** A history is halved only while this many points of it are left. */
const HALVED_MIN = 40;
/** The median absolute deviation in standard deviations of normal noise (Rousseeuw and Croux 1993). */
const MAD_SCALE = 1.4826;
/** The mean absolute deviation in the same: the square root of pi / 2. */
const MEAN_SCALE = 1.2533;
/**
 * The variance of medians of n/16 points of white noise is 16 pi/2 of one point's divided by n. What the medians vary
 * beyond that is slow; a history of n points tells too little of it, by a factor of 1 + 300 / n (by simulation of
 * autoregressive noise, `npm run bench noise`).
 */
const WHITE_PARTS = (PARTS * Math.PI) / 2;
const SLOW_POINTS = 300;

/**
 * The level at which the first `count` values had settled: their median once what the curve was still improving on is
 * left out. The spread is the robust one of the points, and of the slow wander of such noise as each point follows the
 * one before it in. Values that are no number are passed over; null where most are. `sign` is -1 where more is better.
 * The cost is bounded, however many values there are.
 */
export function settledLevel(
  values: Float64Array,
  count: number,
  sign: 1 | -1,
): SettledLevel | null {
  let sample = sampleOf(values, count, sign);
  let points = count;
  if (sample.length < Math.min(count, SAMPLE) / 4) return null;
  let settled = levelOf(sample, points);
  while (sample.length >= 2 * HALVED_MIN) {
    const half = sample.length >> 1;
    const newer = levelOf(sample.subarray(half), points / 2);
    if (median(sample.subarray(0, half)) - newer.level <= IMPROVED * newer.spread) break;
    sample = sample.subarray(half);
    points /= 2;
    settled = newer;
  }
  return { level: sign * settled.level, spread: settled.spread };
}

/** Of long histories one point of each stretch, at a place that follows no rhythm which the curve could share. */
function sampleOf(values: Float64Array, count: number, sign: 1 | -1): Float64Array {
  const stride = Math.ceil(count / SAMPLE);
  const sample = new Float64Array(Math.ceil(count / stride));
  let length = 0;
  for (let start = 0, turn = 0; start < count; start += stride, turn += 1) {
    const place = start + ((Math.imul(turn, 0x9e3779b1) >>> 8) % stride);
    const value = values[Math.min(place, count - 1)]!;
    if (!Number.isFinite(value)) continue;
    sample[length] = sign * value;
    length += 1;
  }
  return sample.subarray(0, length);
}

function levelOf(sample: Float64Array, points: number): SettledLevel {
  const level = median(sample);
  const distances = sample.map((value) => Math.abs(value - level));
  const mean = distances.reduce((sum, each) => sum + each, 0) / sample.length;
  // Of values of few steps the median one may not differ at all.
  const near = MAD_SCALE * median(distances) || MEAN_SCALE * mean;
  const parts = Math.min(PARTS, sample.length);
  const medians = Float64Array.from({ length: parts }, (_, part) =>
    median(
      sample.subarray(
        Math.floor((part * sample.length) / parts),
        Math.floor(((part + 1) * sample.length) / parts),
      ),
    ),
  );
  const slow = Math.max(0, variance(medians) - (WHITE_PARTS / sample.length) * near ** 2);
  return { level, spread: Math.sqrt(near ** 2 + slow * (1 + SLOW_POINTS / points)) };
}

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  return values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, values.length - 1);
}

/** Of numbers; NaN of none. */
export function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
