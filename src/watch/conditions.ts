import type { Series } from '../core/metrics.ts';
import { badAtEnd, directionOf, longestOvercome, pickObjective, stepWord } from '../core/series.ts';
import { durationText } from '../core/time.ts';
import { countText, quantityText, unitOf } from '../core/units.ts';
import { DIVERGED_LASTING, mayLast, type WatchRule, wholeRule } from '../core/watch.ts';
import { pointsText } from '../core/watch-words.ts';
import { findDivergence } from './divergence.ts';

/** A running job as the conditions see it. Times are epoch milliseconds. */
export interface RunView {
  series: readonly Series[];
  /** The session's objective, where it has one. */
  objective: { metric: string; mode: 'min' | 'max' } | null;
  startedAt: number;
  /** When its event files were written last; null before there are any. */
  writtenAt: number | null;
  /** Whether it is not xax that writes them: other writers may keep back what they log for a while, or write it when they save. */
  isElsewhere?: boolean;
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
/** Torch's SummaryWriter and tensorboardX keep back what fills no 4 KiB for as long (flush_secs), and a look's time more. */
const KEPT_BACK_MS = 150_000;
/** What a training that diverges shows first; any other metric that never was a number is a placeholder: stable-baselines3 logs NaN for the reward until an episode has ended. */
const SHOWS_DIVERGENCE = /loss|grad/i;
/** A stalled run must also have been silent for this many of its usual pauses. */
const SILENT_PAUSES = 10;
/** And for this many times the longest pause it recovered from: an evaluation, a checkpoint. */
const LONGER_PAUSE = 1.5;

/**
 * Whether a rule's condition holds for a run, in words; null when it does not. A rule that fires already (`firing`)
 * goes on until the condition is clearly over, so that a curve that wavers about a threshold is one episode; `since`:
 * when it began to, epoch milliseconds.
 */
export function checkRun(
  rule: WatchRule,
  run: RunView,
  firing: boolean,
  since: number = run.now,
): Finding | null {
  const settings = wholeRule(rule);
  switch (rule.when) {
    case 'nan':
      return checkNan(settings.points!, run, firing, rule);
    case 'above':
    case 'below':
      return checkThreshold(rule.when, settings, run, firing);
    case 'diverged':
      return checkDiverged(rule, run, firing, since);
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

function checkNan(
  least: number,
  run: RunView,
  firing: boolean,
  { tag, points: asked }: WatchRule,
): Finding | null {
  const watched = run.series.filter((each) =>
    tag === undefined ? TRAINING_TAG.test(each.tag) : each.tag === tag,
  );
  for (const series of watched) {
    const bad = badAtEnd(series);
    const good = trailing(series, Number.isFinite);
    if (tag === undefined && bad === series.length && !SHOWS_DIVERGENCE.test(series.tag)) continue;
    // Unless the rule says how many, a metric that recovered from as many before is left alone.
    const points = firing || asked !== undefined || bad === 0 ? least : 1 + longestOvercome(series, bad);
    if (bad >= points || (firing && good < points && hasBad(series))) {
      const since = series.steps[series.length - Math.max(1, bad)]!;
      const value = series.values[series.length - 1]!;
      const what = Number.isFinite(value) ? 'was NaN or infinite a moment ago' : `is ${numberWord(value)}`;
      return {
        tag: series.tag,
        words: `${series.tag} ${what}, since ${stepWord(series)} ${countText(since)}`,
      };
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
    words: `${series.tag} is ${shown(series.tag, last)}, ${when} ${shown(series.tag, value)} for ${pointsText(Math.max(1, beyond))}`,
  };
}

/** Off the level at which the curve had settled: by what the rule names, else far and at once, or less far and for long. */
function checkDiverged(rule: WatchRule, run: RunView, firing: boolean, since: number): Finding | null {
  const { tag, value: ratio, deviations, points, mode } = wholeRule(rule);
  const series = watchedSeries(run, tag);
  const direction = series && (mode ?? directionOf(series.tag, run.objective));
  if (!series || !direction) return null;
  const seen = firing ? pointsUntil(series, since) : null;
  const found =
    findDivergence(series, direction, { points: points!, deviations, ratio }, seen) ??
    (mayLast(rule)
      ? findDivergence(series, direction, { ...DIVERGED_LASTING, ratio: undefined }, seen)
      : null);
  if (!found) return null;
  const now = found.now === null ? 'NaN or infinite' : shown(series.tag, found.now);
  return {
    tag: series.tag,
    words: `${series.tag} is ${now}, away from its best of ${shown(series.tag, found.best.value)} at ${stepWord(series)} ${countText(found.best.step)}`,
  };
}

/** How many points there were at a time, epoch milliseconds; those without a time were there before anybody looked. */
function pointsUntil({ wallTimes, length }: Series, time: number): number {
  let until = length;
  while (until > 0 && wallTimes[until - 1]! * 1000 > time) until -= 1;
  return until;
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
    words: `${series.tag} has not improved on ${shown(series.tag, before)} since ${stepWord(series)} ${countText(step)}`,
  };
}

function checkStalled(
  minutes: number,
  { series, startedAt, writtenAt, isElsewhere = false, now }: RunView,
): Finding | null {
  const last = Math.max(startedAt, writtenAt ?? 0);
  const most = series.reduce<Series | null>(
    (most, each) => (each.length > (most?.length ?? 1) ? each : most),
    null,
  );
  const { usual, longest } = most ? pausesOf(most, startedAt) : { usual: 0, longest: 0 };
  // Where no point has a time, all that is known is that something was written after so long.
  const known = most && !hasTimes(most) ? last - startedAt : longest;
  const least = Math.max(minutes * 60_000, isElsewhere ? KEPT_BACK_MS : 0);
  const silent = now - last;
  if (silent < Math.max(least, SILENT_PAUSES * usual, LONGER_PAUSE * known)) return null;
  const isEmpty = writtenAt === null || (isElsewhere && series.length === 0);
  const what = isEmpty ? 'has logged nothing at all' : 'has logged nothing new';
  return { tag: null, words: `it ${what} for ${durationText(silent)}, but the queue says it is running` };
}

/** Whether it is known of two points, at least, when they were logged. */
function hasTimes({ wallTimes, length }: Series): boolean {
  let timed = 0;
  for (let index = 0; index < length && timed < 2; index += 1)
    if (Number.isFinite(wallTimes[index]!)) timed += 1;
  return timed === 2;
}

/** Milliseconds between two points of a tag since the job started: the median, and the most. */
function pausesOf({ wallTimes, length }: Series, startedAt: number) {
  const pauses: number[] = [];
  for (let index = 1; index < length; index += 1) {
    const pause = wallTimes[index]! - wallTimes[index - 1]!;
    if (pause > 0 && wallTimes[index - 1]! * 1000 >= startedAt) pauses.push(pause * 1000);
  }
  const longest = pauses.reduce((most, pause) => Math.max(most, pause), 0);
  return { usual: median(pauses), longest };
}

function checkSlow(ratio: number, points: number, run: RunView, firing: boolean): Finding | null {
  const series = watchedSeries(run, undefined);
  if (!series || series.length < points * 2) return null;
  const size = Math.max(2, Math.min(points, Math.floor(series.length / RATE_CHUNKS)));
  const rates: number[] = [];
  for (let end = series.length - 1; end - size >= 0; end -= size) {
    const rate = usualRate(series, end - size, end);
    if (rate !== null) rates.push(rate);
  }
  const [recent, before, ...earlier] = rates;
  if (recent === undefined || before === undefined || earlier.length < 3) return null;
  const usual = median(earlier);
  const least = usual / (firing ? (1 + ratio) / 2 : ratio);
  // One segment alone may hold an evaluation; what is over is over at once.
  if (recent >= least || (!firing && before >= least)) return null;
  return { tag: null, words: `${paceText(series, recent, usual)} in this run` };
}

/** Epochs take minutes: how many there are in a second would be told in many digits. */
function paceText({ counts }: Series, recent: number, usual: number): string {
  if (counts === undefined)
    return `it runs at ${quantityText(recent, 'steps/s')}; usually ${quantityText(usual, '').trimEnd()}`;
  const long = (rate: number) => durationText(1_000 / rate);
  return `an ${counts} takes it ${long(recent)}; usually ${long(usual)}`;
}

/** Steps a second between two points, the median: a checkpoint's or an evaluation's pause is none of its pace. */
function usualRate({ steps, wallTimes }: Series, from: number, to: number): number | null {
  const rates: number[] = [];
  for (let index = from; index < to; index += 1) {
    const seconds = wallTimes[index + 1]! - wallTimes[index]!;
    const made = steps[index + 1]! - steps[index]!;
    if (seconds > 0 && made > 0) rates.push(made / seconds);
  }
  return rates.length === 0 ? null : median(rates);
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

/** A value of a tag, in the tag's unit where it has one. */
function shown(tag: string, value: number): string {
  const unit = unitOf(tag);
  return unit === null ? short(value) : quantityText(value, unit);
}
