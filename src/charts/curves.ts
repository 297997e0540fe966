import type { Curve, CurvesChart, Series, XAxis } from '../core/metrics.ts';
import { formatTime } from '../core/plain-text.ts';
import { best } from '../core/series.ts';
import { countText, unitOf } from '../core/units.ts';
import {
  bucketsOf,
  crosses,
  datasetsOf,
  isSmoothed,
  SMOOTH_FROM,
  strokeBehind,
  strokeOf,
} from './curve-lines.ts';
import { type Dataset, named, type Plot } from './plot.ts';
import { shortNumber } from './short-number.ts';
import { reachOf } from './smooth.ts';
import { nonFinite } from './summary.ts';

/** Positive values that span more than this many powers of ten are drawn on a log scale. */
const LOG_DECADES = 2;
/** From here on an axis says 523K. */
const COMPACT_FROM = 1e5;
const SHORT = { notation: 'compact', maximumSignificantDigits: 3 } as const;
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

/** The plot of curves. `small`: as one of several in a picture. */
export function curvesChart(
  { title, subtitle, axis: over = 'step', curves }: CurvesChart,
  small = false,
): Plot {
  const isLogScale = curves.length > 0 && curves.every(({ series }) => spansDecades(series));
  const bad = curves.reduce((sum, { series }) => sum + nonFinite(series), 0);
  const across = acrossOf(over, curves);
  const top = isLogScale ? null : topWithoutBeginning(curves);
  const bottom = Math.min(...curves.map(({ series }) => lowest(series)).filter(Number.isFinite));
  const [inFront, behind] = [curves.filter((each) => !each.behind), curves.filter((each) => each.behind)];
  const smoothed = curves.filter(({ series }) => isSmoothed(series));
  const isAlone = curves.length === 1;
  const datasets = curves.flatMap((curve) => {
    const xs = across.x(curve.series);
    const lines = datasetsOf(curve, {
      stroke: curve.behind ? strokeBehind(behind.indexOf(curve)) : strokeOf(inFront.indexOf(curve)),
      xs,
      buckets: bucketsOf(curves.length),
      smoothed: isAlone
        ? `smoothed, ${reachText(curve.series, xs, across.unit)}`
        : `${curve.label}, smoothed`,
    });
    return [
      ...(isAlone ? lines.map(alone) : lines),
      ...crosses(curve.series, xs, Number.isFinite(bottom) ? bottom : isLogScale ? 1 : 0),
    ];
  });
  const tag = curves[0]?.series.tag ?? '';
  const isEmpty = curves.every(({ series }) => series.length === 0);
  const shown = extent(curves, across.x);
  return {
    title,
    small,
    legend: small ? 'none' : !isAlone || smoothed.length > 0 ? 'lines' : 'none',
    notes: [
      subtitle,
      across.note,
      isLogScale ? 'log scale' : undefined,
      !isAlone && smoothed.length > 0 ? 'faint: as logged' : undefined,
      top === null ? undefined : `starts at up to ${shortNumber(highest(curves))}, above the chart`,
      bad > 0 ? `× ${bad} NaN or infinite` : undefined,
      isEmpty ? 'no points yet' : undefined,
    ]
      .filter((note) => note !== undefined)
      .filter((note) => note !== ''),
    type: 'line',
    datasets,
    options: {
      parsing: false,
      normalized: true,
      scales: {
        x: {
          type: 'linear',
          display: !isEmpty,
          ...shown,
          ...named(small ? '' : across.name),
          // Round numbers alone: the ends are rarely any.
          ticks: {
            includeBounds: false,
            ...ticksTo(shown.max ?? 0),
            ...(over === 'step' ? { precision: 0 } : {}),
          },
        },
        y: {
          display: !isEmpty,
          type: isLogScale ? 'logarithmic' : 'linear',
          grace: '4%',
          ...(top === null ? {} : { max: top }),
          ...named(axisName(tag, title)),
          ticks: isLogScale ? { format: SHORT } : ticksTo(highest(curves)),
        },
      },
    },
  };
}

/** The metric and its unit; no more than the unit where the title has named the metric. */
function axisName(tag: string, title: string): string {
  const unit = unitOf(tag);
  if (title.includes(tag)) return unit ?? '';
  return unit ? `${tag} (${unit})` : tag;
}

/** How an axis that goes so far says its numbers. */
function ticksTo(most: number): { format?: Intl.NumberFormatOptions } {
  return Math.abs(most) >= COMPACT_FROM ? { format: SHORT } : {};
}

/** What a smoothed point is made of, in the unit of the axis. */
function reachText(series: Series, xs: Float64Array, unit: string): string {
  const { min, max } = endsOf(xs, series.length);
  const reach = reachOf(series.length) * (max - min);
  return `±${reach >= 10 ? countText(Math.round(reach)) : shortNumber(Number(reach.toPrecision(2)))} ${unit}`;
}

/** The lines of the only curve: its name is in the title. */
function alone(line: Dataset): Dataset {
  return line.part === 'logged' ? { ...line, label: 'as logged', unlisted: false } : line;
}

/** Where the points lie across, and what that is called. */
function acrossOf(
  over: XAxis,
  curves: readonly Curve[],
): { name: string; unit: string; note?: string; x(series: Series): Float64Array } {
  if (over === 'step') return { name: 'step', unit: 'steps', x: ({ steps }) => steps };
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
function extent(
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

function endsOf(xs: Float64Array, length: number): { min: number; max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < length; index += 1) {
    min = Math.min(min, xs[index]!);
    max = Math.max(max, xs[index]!);
  }
  return { min, max };
}

/** Where to cut the picture when a short beginning would flatten all the rest; null when it would not. */
function topWithoutBeginning(curves: readonly Curve[]): number | null {
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

function highest(curves: readonly Curve[]): number {
  return Math.max(...curves.map(({ series }) => best(series, 'max')?.value ?? Number.NEGATIVE_INFINITY));
}

function lowest({ values, length }: Series): number {
  let low = Number.POSITIVE_INFINITY;
  for (let index = 0; index < length; index += 1) if (values[index]! < low) low = values[index]!;
  return low;
}

function spansDecades(series: Series): boolean {
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
