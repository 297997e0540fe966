import type { Progress, Series } from '../core/metrics.ts';
import { latest } from '../core/series.ts';
import type { Gathered } from './gathered.ts';
import type { GatheredSeries } from './gathered-series.ts';
import { steadyRates } from './steady-rate.ts';
import type { Totals } from './totals.ts';

/** Points of a series that a rate is taken from. */
const POINTS_SEEN = 100;
/** A run that wrote nothing for so long, and for so many of its usual pauses, is silent. Seconds; buffered writers keep 120 s back (SummaryWriter's flush_secs). */
const SILENT_SECONDS = 150;
const SILENT_PAUSES = 10;
/** What was written within less than this, as a file that was copied there whole, tells nothing of how fast a run is. Seconds. */
const RATE_SECONDS = 1;
const EPOCH = /(^|\/)epochs?$/i;

/** Where a run is in one kind of step. */
interface Count {
  unit: 'step' | 'epoch';
  /** How many are done. */
  done: number;
  total: number | null;
  series: Series;
}

/**
 * How far a run is that was read from whatever its stack left: in steps of the kind that its total is told in, since some
 * stacks log epochs beside steps; without a total how far it has come and how fast. Never beyond the total. Null where it
 * has logged nothing. `startedAt` and `now`: epoch milliseconds; the first stands in where a file has no times.
 */
export function gatheredProgress(
  gathered: Gathered,
  totals: Totals,
  startedAt: number | null,
  now: number,
): Progress | null {
  const count = countOf(gathered, totals);
  if (!count) return null;
  const { total, unit } = count;
  const writtenAt = (gathered.writtenAt ?? now) / 1_000;
  const times = timesOf(count, startedAt === null ? null : startedAt / 1_000, writtenAt);
  const sinceStep = Math.max(0, now / 1_000 - Math.max(writtenAt, times?.last ?? 0));
  const isSilent = sinceStep > Math.max(SILENT_SECONDS, SILENT_PAUSES * (times?.pause ?? 0));
  const rates = isSilent || !times ? [] : times.rates;
  const done = total === null ? count.done : Math.min(count.done, total);
  const left = total === null ? null : total - done;
  return {
    step: done,
    maxSteps: total,
    ...(unit === 'epoch' ? { unit } : {}),
    elapsedSeconds: times ? times.last - times.first : 0,
    stepsPerSecond: rates.length > 0 ? rates.toSorted((a, b) => a - b)[rates.length >> 1]! : null,
    silentSeconds: isSilent ? sinceStep : null,
    secondsLeft:
      left === null || rates.length === 0
        ? null
        : { low: left / Math.max(...rates), high: left / Math.min(...rates) },
  };
}

/** What is counted: what a total is known of; else steps, else epochs. */
function countOf({ curves, others }: Gathered, totals: Totals): Count | undefined {
  const all = [...curves.values(), ...others.values()].filter(({ series }) => series.length > 0);
  const counted = all.filter(({ stepName }) => stepName === null || !EPOCH.test(stepName));
  const byEpoch = all.filter(({ stepName }) => stepName !== null && EPOCH.test(stepName));
  const steps = totals.steps === null ? undefined : furthest(within(counted, totals.steps));
  // Steps that are counted from 0: the last one is done as well.
  const isFromZero = counted.some(({ series }) => series.steps[0] === 0);
  if (steps)
    return {
      ...{ unit: 'step', total: totals.steps, series: steps },
      done: latest(steps)!.step + (isFromZero ? 1 : 0),
    };
  const epochs = epochCount(byEpoch, { curves, others }, totals.epochs);
  if (epochs && epochs.total !== null) return epochs;
  const any = furthest(counted);
  if (any) return { unit: 'step', done: latest(any)!.step, total: null, series: any };
  return epochs;
}

/** Of steps that another total is told of, as a batch's beside an environment's, none lies beyond this one but by its last stride. */
function within(all: readonly GatheredSeries[], total: number): GatheredSeries[] {
  const fitting = all.filter(({ series }) => latest(series)!.step <= total);
  return fitting.length > 0 ? fitting : all.filter(({ series }) => !wentOnBeyond(series, total));
}

/** Whether a training went on after it had come to its total, which is then the total of something else. */
function wentOnBeyond({ steps, length }: Series, total: number): boolean {
  return length > 1 && steps[length - 1]! > total && steps[length - 2]! >= total;
}

/** Epochs by a table's own count, which begins at 0 or 1, else by the epoch that is logged as a value, whole or in part. */
function epochCount(
  byEpoch: readonly GatheredSeries[],
  { curves, others }: Pick<Gathered, 'curves' | 'others'>,
  total: number | null,
): Count | undefined {
  const counted = furthest(byEpoch);
  if (counted) {
    const done = latest(counted)!.step + (counted.steps[0] === 0 ? 1 : 0);
    return { unit: 'epoch', done, total: totalOf(counted, total), series: counted };
  }
  const logged = [...others].find(([tag, { series }]) => EPOCH.test(tag) && series.length > 0)?.[1].series;
  if (!logged) return undefined;
  const { length, values, steps, wallTimes } = logged;
  // In the order of time: what it counts is its value.
  const series = { tag: logged.tag, length, steps: values, wallTimes, values: steps };
  const done = values[length - 1]! + (isOfEpochsFromZero(logged, curves) ? partDone(logged) : 0);
  return { unit: 'epoch', done, total: totalOf(series, total), series };
}

/**
 * Whether the epoch that is logged is the one that is under way, as Lightning and loops over `range` have it: a whole number from 0,
 * which it still is after some steps, or until every curve has begun. (The Trainer's is how many are done, 0 only in an evaluation
 * before the first.)
 */
function isOfEpochsFromZero({ values, steps, length }: Series, curves: Gathered['curves']): boolean {
  const all = values.subarray(0, length);
  if (values[0] !== 0 || !all.every(Number.isInteger)) return false;
  const second = all.findIndex((value) => value > 0);
  const until = second < 0 ? Number.POSITIVE_INFINITY : steps[second]!;
  if (all.some((value, index) => value === 0 && steps[index]! > 0)) return true;
  return [...curves.values()].every(({ series }) => series.length === 0 || series.steps[0]! < until);
}

/** Of the epoch under way the part that is done, by the steps that the ones before took; 0 in the first. */
function partDone({ values, steps, length }: Series): number {
  const epoch = values[length - 1]!;
  const before = values.subarray(0, length).findLastIndex((value) => value < epoch);
  if (before < 0) return 0;
  const perEpoch = (steps[before]! + 1) / (values[before]! + 1);
  return Math.min(1, (steps[length - 1]! - steps[before]!) / perEpoch);
}

function totalOf(series: Series, total: number | null): number | null {
  return total === null || wentOnBeyond(series, total) ? null : total;
}

function furthest(all: readonly GatheredSeries[]): Series | undefined {
  return all.reduce<Series | undefined>(
    (most, { series }) => (!most || latest(series)!.step > latest(most)!.step ? series : most),
    undefined,
  );
}

/** When its points came, and how fast, by their own times; by the run's start and its last writing where they have none. Epoch seconds. */
function timesOf({ series, unit }: Count, startedAt: number | null, writtenAt: number) {
  const { length, steps, wallTimes } = series;
  const last = wallTimes[length - 1]!;
  const firstTimed = wallTimes.subarray(0, length).findIndex((time) => Number.isFinite(time));
  if (firstTimed >= 0 && length - firstTimed > 1 && Number.isFinite(last)) {
    const from = Math.max(firstTimed, length - POINTS_SEEN);
    const rates = steadyRates(
      Array.from({ length: length - from }, (_, index) => ({
        steps: steps[from + index]!,
        elapsed: wallTimes[from + index]!,
      })),
      unit,
    );
    const pause = (last - wallTimes[from]!) / (length - 1 - from);
    return { first: startedAt ?? wallTimes[firstTimed]!, last, rates, pause };
  }
  if (startedAt === null || writtenAt <= startedAt) return null;
  const done = steps[length - 1]! - (length > 1 ? steps[0]! : 0);
  const seconds = writtenAt - startedAt;
  return {
    first: startedAt,
    last: writtenAt,
    rates: done > 0 && seconds >= RATE_SECONDS ? [done / seconds] : [],
    pause: seconds / length,
  };
}
