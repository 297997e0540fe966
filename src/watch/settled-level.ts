/** Where a curve has settled, and how far it strays from there by itself. */
export interface SettledLevel {
  level: number;
  /** In the unit of the values; 0 for a curve that hardly ever moved. */
  spread: number;
}

/** Points that a level is taken from: more tell no more of it. */
const SAMPLE = 512;
/** Parts of the history whose medians tell how the curve wanders. */
const PARTS = 16;
const WORST_PARTS = 2;
/** Older points are left out that are worse than the newer ones by so many of their spreads. */
const IMPROVED = 2;
/** What is tried to be left out: the older half, else the oldest part. */
const OLDER = [1 / 2, 1 / PARTS];
/** Nothing is left out that would leave fewer points. */
const KEPT = 40;
/** The median absolute deviation in standard deviations of normal noise (Rousseeuw and Croux 1993). */
const MAD_SCALE = 1.4826;
/** Of values of few steps most may not differ at all; those that differ more often than this have a step for a spread. */
const STEPS = 0.9;
/**
 * The variance of medians of n/16 points of white noise is 16 pi/2 of one point's divided by n. What the medians vary
 * beyond that is slow; a history of n points tells too little of it, by a factor of 1 + 500 / n (by simulation of
 * autoregressive noise, `npm run bench noise`).
 */
const WHITE_PARTS = (PARTS * Math.PI) / 2;
const SLOW_POINTS = 500;

/**
 * The level at which the first `count` values had settled: their median once what the curve was still improving on is
 * left out. The spread is the robust one of the points, and of the slow wander of such noise as each point follows the
 * one before it in. Values that are no number are passed over; null where most are. `sign` is -1 where more is better.
 * The cost is bounded, however many values there are.
 */
export function settledLevel(values: Float64Array, count: number, sign: 1 | -1): SettledLevel | null {
  let sample = sampleOf(values, count, sign);
  let points = count;
  if (sample.length < Math.min(count, SAMPLE) / 4) return null;
  let settled = levelOf(sample, points);
  for (;;) {
    const better = OLDER.map((part) => withoutOlder(sample, points, part)).find((each) => each !== null);
    if (!better) break;
    ({ sample, points, settled } = better);
  }
  return { level: sign * settled.level, spread: settled.spread };
}

/** The newer points, where the older ones are clearly worse; null where they are not. */
function withoutOlder(sample: Float64Array, points: number, part: number) {
  const older = Math.floor(sample.length * part);
  if (older === 0 || sample.length - older < KEPT) return null;
  const left = { sample: sample.subarray(older), points: points * (1 - part) };
  const settled = levelOf(left.sample, left.points);
  const isWorse = median(sample.subarray(0, older)) - settled.level > IMPROVED * settled.spread;
  return isWorse ? { ...left, settled } : null;
}

/** Of long histories one point of each segment, at a place that follows no rhythm which the curve could share. */
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
  const near = MAD_SCALE * median(distances) || quantile(distances, STEPS);
  const parts = Math.min(PARTS, sample.length);
  const strays = Float64Array.from({ length: parts }, (_, part) =>
    median(
      sample.subarray(
        Math.floor((part * sample.length) / parts),
        Math.floor(((part + 1) * sample.length) / parts),
      ),
    ),
  );
  // What has just begun to be worse is no wander.
  const better = strays.sort().subarray(0, parts - WORST_PARTS);
  const wander = better.reduce((sum, each) => sum + (each - level) ** 2, 0) / better.length;
  const slow = Math.max(0, wander - (WHITE_PARTS / sample.length) * near ** 2);
  return { level, spread: Math.sqrt(near ** 2 + slow * (1 + SLOW_POINTS / points)) };
}

/** Of numbers; NaN of none. */
export function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value below which `part` (0 to 1) of the numbers lie; NaN of none. */
export function quantile(values: Float64Array, part: number): number {
  return values.slice().sort()[Math.floor(part * (values.length - 1))] ?? Number.NaN;
}
