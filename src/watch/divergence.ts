import type { Series } from '../core/metrics.ts';
import { median, type SettledLevel, settledLevel } from './settled-level.ts';

/** How far a curve must be off its level, and for how long. */
export interface Departure {
  /** The window whose median is looked at: the last two of it, and every one between, must be off. */
  points: number;
  /** Spreads of the curve about its level; undefined: whatever they are. */
  deviations: number | undefined;
  /** How many times worse than the level; undefined: however little. */
  ratio: number | undefined;
}

export interface Divergence {
  /** The median of the last window; null where that is no number any more. */
  now: number | null;
  /** The best mean of as many points before. */
  best: { value: number; step: number };
}

/** An episode goes on while the curve is off by this part of what began it, so that it does not come and go. */
const EASE = 0.5;
/** A curve that never moved tells nothing of its noise: it must be as much worse as this. */
const STILL_RATIO = 2;
/** Of the last points before a departure at least this part is better than what came after. */
const BETTER_BEFORE = 0.85;
/** Which of them: the last eighth, where a falling curve has fallen. */
const LAST_PART = 1 / 8;
/** Points that are looked at to see whether it is worth to look closely. */
const GLANCE = 512;
/** A level is told by at least so many windows, and by this part of what is held against it. */
const LEVEL_WINDOWS = 3;
const LEVEL_PART = 1 / 4;

/**
 * Whether a curve has left the level at which it had settled, and stays away. The level is held against the end of the
 * curve from several places before it, each twice as far back as the last, so that what came in one go while nobody
 * looked is found as it is point by point. `seen`: how many points there were when the alarm that goes on was raised;
 * null when none does. Null when it has not, and where there are too few points to know a level.
 */
export function findDivergence(
  series: Series,
  direction: 'min' | 'max',
  wanted: Departure,
  seen: number | null,
): Divergence | null {
  const { values, length } = series;
  const sign = direction === 'max' ? -1 : 1;
  const window = wanted.points;
  const last = windowMedian(values, length - window, length);
  if (last === null && seen === null) return null;
  const isBetterBefore =
    last === null || seen !== null ? () => true : glance(values, length, sign, sign * last);
  for (let stay = 2 * window; ; stay *= 2) {
    const place = (seen ?? length) - stay;
    if (place < Math.max(LEVEL_WINDOWS * window, LEVEL_PART * stay)) return null;
    if (!isBetterBefore(place)) continue;
    const first = windowMedian(values, place, place + window);
    const ease = seen === null ? 1 : EASE;
    const settled = settledLevel(values, place, sign);
    if (!settled || (first !== null && !isOff(first, settled, wanted, sign, ease))) continue;
    if (last !== null && !isOff(last, settled, wanted, sign, ease)) continue;
    if (staysOff(values, place + window, length, settled, wanted, sign))
      return { now: last, best: bestMean(series, place, window, sign) };
  }
}

function isOff(
  value: number,
  { level, spread }: SettledLevel,
  { deviations, ratio }: Departure,
  sign: 1 | -1,
  ease: number,
): boolean {
  const distance = sign * (value - level);
  const factor = spread === 0 ? Math.max(STILL_RATIO, ratio ?? 0) : ratio;
  // Twice as much where less is better is as far as half as much where more is.
  const part = factor === undefined ? 0 : sign === -1 ? 1 - 1 / factor : factor - 1;
  return distance > (deviations ?? 0) * ease * spread && distance > part * ease * Math.abs(level);
}

/** Whether no window in between was back. */
function staysOff(
  values: Float64Array,
  from: number,
  to: number,
  settled: SettledLevel,
  wanted: Departure,
  sign: 1 | -1,
): boolean {
  for (let start = from; start + wanted.points <= to; start += wanted.points) {
    const middle = windowMedian(values, start, start + wanted.points);
    if (middle !== null && !isOff(middle, settled, wanted, sign, EASE)) return false;
  }
  return true;
}

/** Of the finite values; null when fewer than half are. */
function windowMedian(values: Float64Array, start: number, end: number): number | null {
  if (start < 0) return null;
  const finite = values.subarray(start, end).filter(Number.isFinite);
  return finite.length * 2 < end - start ? null : median(finite);
}

/** Of the windows that follow one another before a place. */
function bestMean({ values, steps }: Series, place: number, window: number, sign: 1 | -1) {
  let best = { value: Number.NaN, step: 0 };
  for (let start = 0; start + window <= place; start += window) {
    let sum = 0;
    for (let index = start; index < start + window; index += 1) sum += values[index]!;
    const value = sum / window;
    if (Number.isNaN(best.value) || sign * value < sign * best.value)
      best = { value, step: steps[start + window - 1]! };
  }
  return best;
}

/** Whether most of the last points before a place are better than a value, roughly: cheap, and seldom so of mere noise. */
function glance(values: Float64Array, length: number, sign: 1 | -1, value: number) {
  const stride = Math.ceil(length / GLANCE);
  const counts = [0];
  for (let index = 0; index < length; index += stride)
    counts.push(counts.at(-1)! + (sign * values[index]! < value ? 1 : 0));
  return (place: number): boolean => {
    const to = Math.ceil(place / stride);
    const from = Math.floor(to * (1 - LAST_PART));
    return counts[to]! - counts[from]! >= BETTER_BEFORE * (to - from);
  };
}
