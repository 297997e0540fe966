import type { Series } from '../core/metrics.ts';
import { directionOf, pickObjective } from '../core/series.ts';
import { durationText } from '../core/time.ts';
import { type WatchRule, wholeRule } from '../core/watch.ts';

/** A running job as the conditions see it. Times are epoch milliseconds. */
export interface RunView {
  series: readonly Series[];
  /** The session's objective, where it has one. */
  objective: { metric: string; mode: 'min' | 'max' } | null;
  startedAt: number;
  /** When its event files were written last; null before there are any. */
  writtenAt: number | null;
  now: number;
}

export interface Finding {
  /** The metric it is about; null when about none. */
  tag: string | null;
  words: string;
}

/** xax puts an emoji before the tags of its timers and gauges: a NaN there says nothing about the training. */
const TRAINING_TAG = /^\p{L}/u;
/** Chunks of a run whose rates are compared. */
const RATE_CHUNKS = 12;
/** A stalled run must have been silent for this many of its usual pauses as well. */
const SILENT_PAUSES = 10;

/**
 * Whether a rule's condition holds for a run, in words; null when it does not. A rule that fires already (`firing`)
 * goes on until the condition is clearly over, so that a curve that wavers about a threshold is one episode.
 */
export function checkRun(rule: WatchRule, run: RunView, firing: boolean): Finding | null {
  const settings = wholeRule(rule);
  switch (rule.when) {
    case 'nan':
      return checkNan(settings.points!, run, firing, rule.tag);
    case 'above':
    case 'below':
      return checkThreshold(rule.when, settings, run, firing);
    case 'diverged':
      return checkDiverged(settings, run, firing);
    case 'plateau':
      return checkPlateau(settings, run);
    case 'stalled':
      return checkStalled(settings.minutes!, run);
    case 'slow':
      return checkSlow(settings.value!, settings.points!, run, firing);
    case 'gpu-idle':
    case 'gpu-taken':
      return null;
  }
}

function checkNan(points: number, run: RunView, firing: boolean, tag: string | undefined): Finding | null {
  const watched = run.series.filter((each) =>
    tag === undefined ? TRAINING_TAG.test(each.tag) : each.tag === tag,
  );
  for (const series of watched) {
    const bad = trailing(series, (value) => !Number.isFinite(value));
    const good = trailing(series, Number.isFinite);
    if (bad >= points || (firing && good < points && hasBad(series))) {
      const since = series.steps[series.length - Math.max(1, bad)]!;
      const value = series.values[series.length - 1]!;
      const what = Number.isFinite(value) ? 'was NaN or infinite a moment ago' : `is ${numberWord(value)}`;
      return { tag: series.tag, words: `${series.tag} ${what}, since step ${count(since)}` };
    }
  }
  return null;
}

function hasBad(series: Series): boolean {
  for (let index = 0; index < series.length; index += 1)
    if (!Number.isFinite(series.values[index]!)) return true;
  return false;
}

function checkThreshold(
  when: 'above' | 'below',
  { tag, value, points }: WatchRule,
  run: RunView,
  firing: boolean,
): Finding | null {
  const series = watchedSeries(run, tag);
  if (!series || value === undefined) return null;
  const isBeyond = (each: number) => (when === 'above' ? each > value : each < value);
  const beyond = trailing(series, isBeyond);
  const back = trailing(series, (each) => Number.isFinite(each) && !isBeyond(each));
  if (beyond < points! && !(firing && back < points!)) return null;
  const last = series.values[series.length - 1]!;
  return {
    tag: series.tag,
    words: `${series.tag} is ${short(last)}, ${when} ${short(value)} for ${Math.max(1, beyond)} points`,
  };
}

/** The last points against the best stretch so far: far off by the curve's own noise, and by a ratio. */
function checkDiverged(
  { tag, value: ratio, deviations, points, mode }: WatchRule,
  run: RunView,
  firing: boolean,
): Finding | null {
  const series = watchedSeries(run, tag);
  const window = points!;
  const direction = series && (mode ?? directionOf(series.tag, run.objective));
  if (!series || !direction || series.length < 3 * window) return null;
  const sign = direction === 'max' ? -1 : 1;
  let best: { mean: number; spread: number; end: number } | null = null;
  for (let end = window; end <= series.length - window; end += 1) {
    const stretch = meanAndSpread(series.values, end - window, end);
    if (stretch && (best === null || sign * stretch.mean < sign * best.mean)) best = { ...stretch, end };
  }
  const last = meanAndSpread(series.values, series.length - window, series.length);
  if (!best) return null;
  const away = `away from its best of ${short(best.mean)} at step ${count(series.steps[best.end - 1]!)}`;
  // No number any more is no return to the best.
  if (!last) return firing ? { tag: series.tag, words: `${series.tag} is NaN or infinite, ${away}` } : null;
  const distance = sign * (last.mean - best.mean);
  // Half of both for the end of an episode, so that it does not come and go.
  const ease = firing ? 0.5 : 1;
  // Twice as much where less is better is as far as half as much where more is.
  const part = ratio === undefined ? 0 : direction === 'max' ? 1 - 1 / ratio : ratio - 1;
  const isFarByNoise = distance > (deviations ?? 0) * ease * Math.max(best.spread, 1e-12);
  const isFarByRatio = distance > part * ease * Math.abs(best.mean);
  if (!isFarByNoise || !isFarByRatio) return null;
  return { tag: series.tag, words: `${series.tag} is ${short(last.mean)}, ${away}` };
}

function checkPlateau({ tag, value: gain, points, mode }: WatchRule, run: RunView): Finding | null {
  const series = watchedSeries(run, tag);
  const window = points!;
  const direction = series && (mode ?? directionOf(series.tag, run.objective));
  if (!series || !direction || series.length < 2 * window) return null;
  const sign = direction === 'max' ? -1 : 1;
  const before = extreme(series.values, 0, series.length - window, sign);
  const recent = extreme(series.values, series.length - window, series.length, sign);
  if (before === null || recent === null) return null;
  if (sign * (before - recent) > gain! * Math.abs(before)) return null;
  const step = series.steps[series.length - window]!;
  return {
    tag: series.tag,
    words: `${series.tag} has not improved on ${short(before)} since step ${count(step)}`,
  };
}

function checkStalled(minutes: number, { series, startedAt, writtenAt, now }: RunView): Finding | null {
  const last = Math.max(startedAt, writtenAt ?? 0);
  const longest = series.reduce<Series | null>(
    (most, each) => (each.length > (most?.length ?? 1) ? each : most),
    null,
  );
  const usual = longest ? usualPause(longest) : 0;
  const silent = now - last;
  if (silent < Math.max(minutes * 60_000, SILENT_PAUSES * usual)) return null;
  const what = writtenAt === null ? 'has logged nothing at all' : 'has logged nothing new';
  return { tag: null, words: `it ${what} for ${durationText(silent)}, and the queue says that it runs` };
}

/** Milliseconds between two points of a tag, the median. */
function usualPause({ wallTimes, length }: Series): number {
  const pauses = Array.from({ length: length - 1 }, (_, index) => wallTimes[index + 1]! - wallTimes[index]!);
  return median(pauses.filter((pause) => pause > 0)) * 1000;
}

function checkSlow(ratio: number, points: number, run: RunView, firing: boolean): Finding | null {
  const series = watchedSeries(run, undefined);
  if (!series || series.length < points * 2) return null;
  const size = Math.max(2, Math.min(points, Math.floor(series.length / RATE_CHUNKS)));
  const rates: number[] = [];
  for (let end = series.length - 1; end - size >= 0; end -= size) {
    const seconds = series.wallTimes[end]! - series.wallTimes[end - size]!;
    const steps = series.steps[end]! - series.steps[end - size]!;
    if (seconds > 0 && steps >= 0) rates.push(steps / seconds);
  }
  const [recent, ...earlier] = rates;
  if (recent === undefined || earlier.length < 3) return null;
  const usual = median(earlier);
  if (recent >= usual / (firing ? (1 + ratio) / 2 : ratio)) return null;
  return { tag: null, words: `it makes ${short(recent)} steps/s; usually ${short(usual)} in this run` };
}

function watchedSeries({ series, objective }: RunView, tag: string | undefined): Series | undefined {
  return tag === undefined
    ? pickObjective(series, objective?.metric)
    : series.find((each) => each.tag === tag);
}

/** How many of the last points fulfil it without a break. */
function trailing({ values, length }: Series, holds: (value: number) => boolean): number {
  let found = 0;
  while (found < length && holds(values[length - 1 - found]!)) found += 1;
  return found;
}

/** Of the finite values; null when fewer than half are. */
function meanAndSpread(values: Float64Array, start: number, end: number) {
  let sum = 0;
  let squares = 0;
  let finite = 0;
  for (let index = start; index < end; index += 1) {
    const value = values[index]!;
    if (!Number.isFinite(value)) continue;
    sum += value;
    squares += value * value;
    finite += 1;
  }
  if (finite * 2 < end - start) return null;
  const mean = sum / finite;
  return { mean, spread: Math.sqrt(Math.max(0, squares / finite - mean * mean)) };
}

/** The smallest of the finite values, or with `sign` -1 the largest. */
function extreme(values: Float64Array, start: number, end: number, sign: 1 | -1): number | null {
  let found: number | null = null;
  for (let index = start; index < end; index += 1) {
    const value = values[index]!;
    if (Number.isFinite(value) && (found === null || sign * value < sign * found)) found = value;
  }
  return found;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function numberWord(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Inf' : '-Inf';
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : numberWord(value);
}

function count(value: number): string {
  return new Intl.NumberFormat('en-US').format(value);
}
