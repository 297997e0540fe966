import type { Curve, Series, XAxis } from '../core/metrics.ts';
import { formatTime } from '../core/plain-text.ts';
import { best, stepWord } from '../core/series.ts';
import { SMOOTH_FROM } from './curve-lines.ts';

/** Positive values that span more than this many powers of ten are drawn on a log scale. */
const LOG_DECADES = 2;
/** From here on an axis says 523K. */
export const COMPACT_FROM = 1e5;
export const SHORT = { notation: 'compact', maximumSignificantDigits: 3 } as const;
/** Below it says 3E-7. */
const TINY_BELOW = 1e-4;
const TINY = { notation: 'scientific', maximumSignificantDigits: 3 } as const;
/** How much further than the run itself the picture shows those it is measured against. */
const AHEAD = 1.25;
/** A beginning that is this many times the height of everything after it is cut off at the top. */
const EARLY_HEIGHT = 4;
const EARLY_PART = 0.05;
const HEADROOM = 0.25;
/** On both sides of a single point, units of the axis. */
const POINT_ROOM = 0.5;

/** Units of time on an axis, and from what span on each is used; seconds. */
const UNITS = [
  { name: 'days', seconds: 86_400, from: 3 * 86_400 },
  { name: 'hours', seconds: 3_600, from: 3 * 3_600 },
  { name: 'minutes', seconds: 60, from: 180 },
  { name: 'seconds', seconds: 1, from: 0 },
] as const;

/** How an axis that goes so far says its numbers. */
export function ticksTo(most: number): { format?: Intl.NumberFormatOptions } {
  if (Math.abs(most) >= COMPACT_FROM) return { format: SHORT };
  return most !== 0 && Math.abs(most) < TINY_BELOW ? { format: TINY } : {};
}

/** Where the points lie across, and what that is called. */
export function acrossOf(
  over: XAxis,
  curves: readonly Curve[],
): { name: string; unit: string; note?: string; x(series: Series): Float64Array } {
  if (over === 'step') {
    const words = [...new Set(curves.map(({ series }) => stepWord(series)))];
    return {
      name: words.join(' or '),
      unit: words.map((word) => `${word}s`).join(' or '),
      ...(words.length > 1 ? { note: words.map((word) => `${word}s`).join(' beside ') } : {}),
      x: ({ steps }) => steps,
    };
  }
  const begins = curves.map(({ series }) =>
    series.length > 0 ? series.wallTimes[0]! : Number.POSITIVE_INFINITY,
  );
  const first = Math.min(...begins);
  const start = (series: Series) => (over === 'time' ? first : series.wallTimes[0]!);
  const span = Math.max(
    0,
    ...curves.map(({ series }) =>
      series.length > 0 ? series.wallTimes[series.length - 1]! - start(series) : 0,
    ),
  );
  const unit = UNITS.find(({ from }) => span >= from)!;
  return {
    name: over === 'time' ? `${unit.name} since the first start` : `${unit.name} since its own start`,
    unit: unit.name,
    ...(over === 'time' && Number.isFinite(first)
      ? { note: `from ${formatTime(first * 1000, 'datetime')} UTC` }
      : {}),
    x: (series) => series.wallTimes.map((time) => (time - start(series)) / unit.seconds),
  };
}

/**
 * From the first to the last point of all, but of curves behind only as far as the run itself and a little more: a
 * young run would be a stroke at the edge beside a finished one. A little to both sides of what has no width.
 */
export function extent(
  curves: readonly Curve[],
  x: (series: Series) => Float64Array,
): { min?: number; max?: number } {
  const ends = curves.map(({ series, behind }) => ({ ...endsOf(x(series), series.length), behind }));
  const min = Math.min(...ends.map((each) => each.min));
  const max = Math.max(...ends.map((each) => each.max));
  const own = Math.max(...ends.filter(({ behind }) => !behind).map((each) => each.max));
  const shown = own > min ? Math.min(max, min + AHEAD * (own - min)) : max;
  if (min < shown) return { min, max: shown };
  return Number.isFinite(min) ? { min: min - POINT_ROOM, max: min + POINT_ROOM } : {};
}

export function endsOf(xs: Float64Array, length: number): { min: number; max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < length; index += 1) {
    min = Math.min(min, xs[index]!);
    max = Math.max(max, xs[index]!);
  }
  return { min, max };
}

/** Where to cut the picture when a short beginning would flatten all the rest; null when it would not. */
export function topWithoutBeginning(curves: readonly Curve[]): number | null {
  let early = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { series } of curves) {
    if (series.length < SMOOTH_FROM) return null;
    const begun = Math.floor(series.length * EARLY_PART);
    for (let index = 0; index < series.length; index += 1) {
      const value = series.values[index]!;
      if (!Number.isFinite(value)) continue;
      if (index < begun) early = Math.max(early, value);
      else {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  const height = high - low;
  if (!(height > 0) || early - low < EARLY_HEIGHT * height) return null;
  return high + HEADROOM * height;
}

export function highest(curves: readonly Curve[]): number {
  return Math.max(...curves.map(({ series }) => best(series, 'max')?.value ?? Number.NEGATIVE_INFINITY));
}

export function lowest({ values, length }: Series): number {
  let low = Number.POSITIVE_INFINITY;
  for (let index = 0; index < length; index += 1) if (values[index]! < low) low = values[index]!;
  return low;
}

export function spansDecades(series: Series): boolean {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (let index = 0; index < series.length; index += 1) {
    const value = series.values[index]!;
    if (!Number.isFinite(value)) continue;
    if (value <= 0) return false;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high > 0 && Math.log10(high / low) > LOG_DECADES;
}

/** A curve without the points of which nobody knows when they were logged, for an axis of time. */
export function timed(curve: Curve): Curve {
  const { series } = curve;
  if (series.wallTimes.subarray(0, series.length).every(Number.isFinite)) return curve;
  const kept = (column: Float64Array) =>
    column.subarray(0, series.length).filter((_, index) => Number.isFinite(series.wallTimes[index]!));
  const steps = kept(series.steps);
  return {
    ...curve,
    series: {
      ...series,
      length: steps.length,
      steps,
      wallTimes: kept(series.wallTimes),
      values: kept(series.values),
    },
  };
}
