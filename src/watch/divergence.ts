import type { Series } from '../core/metrics.ts';
import { quantile, type SettledLevel, settledLevel } from './settled-level.ts';

/** How far a curve must be off its level, and for how long. */
export interface Departure {
  /** Of the last so many points most must be off, and of as many before them. */
  points: number;
  /** Spreads of the curve about its level; undefined: whatever they are. */
  deviations: number | undefined;
  /** How many times worse than the level; undefined: however little. */
  ratio: number | undefined;
}

export interface Divergence {
  /** What most of the last points are beyond; null where they are no numbers any more. */
  now: number | null;
  /** The best mean of as many points before. */
  best: { value: number; step: number };
}

/** An episode goes on while the curve is off by this part of what began it, so that it does not come and go. */
const EASE = 0.5;
/** Most points: all but so many, so that a spike and a tail of the noise are not enough. */
const MOST = 0.4;
/** A curve that has come back by more than this from one window to the next is on its way: a spike, or a restart. */
const COME_BACK = 0.15;
const COME_BACK_SPREADS = 1.5;
/** A curve that never moved tells nothing of its noise: it must be as much worse as this. */
const STILL_RATIO = 2;
/** Of the last points before a departure at least this part is better than what came after. */
const BETTER_BEFORE = 0.75;
/** Which of them: the last half, where a falling curve has fallen. */
const LAST_PART = 1 / 2;
/**
 * Places lie twice as far back each, but where the level is not much longer than what came since: a few of the points
 * that have left would count for much in it.
 */
const FINER_FROM = 4;
const FINER = 1.15;
/** Points that are looked at to see whether it is worth to look closely. */
const GLANCE = 512;
/** A level is told by at least so many points and windows, and by as many points as what is held against it. */
const LEVEL_MIN = 80;
const LEVEL_WINDOWS = 3;
/** A level so many times as long as what came since is one that a curve drifts away from; from a shorter it must have leapt. */
const LEVEL_TIMES = 3;

/**
 * Whether a curve has left the level at which it had settled, and stays away. The level is held against the end of the
 * curve from several places before it, each farther back than the last, so that what came in one go while nobody
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
  const last = mostOf(values, length - window, length, sign);
  if (seen !== null && last === null) return { now: null, best: bestMean(series, length, window, sign) };
  const before = mostOf(values, length - 2 * window, length - window, sign);
  if (last === null || (seen === null && before === null)) return null;
  const isBetterBefore = seen === null ? glance(values, length, sign, sign * last) : () => true;
  for (let stay = 2 * window; ; stay = Math.ceil(stay * (stay * FINER_FROM < length ? 2 : FINER))) {
    const place = (seen ?? length) - stay;
    if (place < Math.max(LEVEL_MIN, LEVEL_WINDOWS * window, stay)) return null;
    if (!isBetterBefore(place)) continue;
    const settled = settledLevel(values, place, sign);
    if (!settled) continue;
    const isDiverged =
      seen === null
        ? isOff(last, settled, wanted, sign, 1) &&
          isOff(before!, settled, wanted, sign, 1) &&
          !isComingBack(sign * before!, sign * last, settled, sign)
        : isOff(last, settled, wanted, sign, EASE);
    const isLong = stay === 2 * window || place >= LEVEL_TIMES * stay || seen !== null;
    if (isDiverged && (isLong || staysOff(values, place, length, settled, wanted, sign)))
      return { now: last, best: bestMean(series, place, window, sign) };
  }
}

function isComingBack(before: number, last: number, { level, spread }: SettledLevel, sign: 1 | -1): boolean {
  const back = before - last;
  return back > COME_BACK * (before - sign * level) && back > COME_BACK_SPREADS * spread;
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

/** Whether the alarm would have been raised right after a place, and no window since was back. */
function staysOff(
  values: Float64Array,
  place: number,
  length: number,
  settled: SettledLevel,
  wanted: Departure,
  sign: 1 | -1,
): boolean {
  for (let start = place; start + wanted.points <= length; start += wanted.points) {
    const most = mostOf(values, start, start + wanted.points, sign);
    const ease = start < place + 2 * wanted.points ? 1 : EASE;
    if (most !== null && !isOff(most, settled, wanted, sign, ease)) return false;
  }
  return true;
}

/** What most of a window's finite values are beyond; null when fewer than half are finite. */
function mostOf(values: Float64Array, start: number, end: number, sign: 1 | -1): number | null {
  const finite = values.subarray(Math.max(0, start), end).filter(Number.isFinite);
  if (finite.length * 2 < end - start) return null;
  return quantile(finite, sign === 1 ? MOST : 1 - MOST);
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
  const better = [0];
  const all = [0];
  for (let index = 0; index < length; index += stride) {
    const isKnown = Number.isFinite(values[index]!);
    all.push(all.at(-1)! + (isKnown ? 1 : 0));
    better.push(better.at(-1)! + (isKnown && sign * values[index]! < value ? 1 : 0));
  }
  return (place: number): boolean => {
    const to = Math.ceil(place / stride);
    const from = Math.floor(to * (1 - LAST_PART));
    return better[to]! - better[from]! >= BETTER_BEFORE * (all[to]! - all[from]!);
  };
}
