import type { ChartConfiguration } from 'chart.js';
import type { Curve, CurvesChart, Series, XAxis } from '../core/metrics.ts';
import { formatTime } from '../core/plain-text.ts';
import { best } from '../core/series.ts';
import { unitOf } from '../core/units.ts';
import { crosses, datasetsOf, SMOOTH_FROM, strokeBehind, strokeOf } from './curve-lines.ts';
import { axis, fixed, framed } from './style.ts';
import { nonFinite, shortNumber } from './summary.ts';

/** Positive values that span more than this many powers of ten are drawn on a log scale. */
const LOG_DECADES = 2;
/** From here on an axis says 523M. */
const COMPACT_FROM = 1e6;
/** How much further than the run itself the picture shows those it is measured against. */
const AHEAD = 1.25;
/** A beginning that is this many times the height of everything after it is cut off at the top. */
const EARLY_HEIGHT = 4;
const EARLY_PART = 0.05;
const HEADROOM = 0.25;

/** Units of time on an axis, and from what span on each is used; seconds. */
const UNITS = [
  { name: 'days', seconds: 86_400, from: 3 * 86_400 },
  { name: 'hours', seconds: 3_600, from: 3 * 3_600 },
  { name: 'minutes', seconds: 60, from: 180 },
  { name: 'seconds', seconds: 1, from: 0 },
] as const;

/** The Chart.js picture of curves: plain JSON, no functions in it. `small`: as one of several in a picture. */
export function curvesChart(
  { title, subtitle, axis: over = 'step', curves }: CurvesChart,
  small = false,
): ChartConfiguration<'line'> {
  const isLogScale = curves.length > 0 && curves.every(({ series }) => spansDecades(series));
  const bad = curves.reduce((sum, { series }) => sum + nonFinite(series), 0);
  const across = acrossOf(over, curves);
  const top = isLogScale ? null : topWithoutBeginning(curves);
  const bottom = Math.min(...curves.map(({ series }) => lowest(series)).filter(Number.isFinite));
  const [inFront, behind] = [curves.filter((each) => !each.behind), curves.filter((each) => each.behind)];
  const datasets = curves.flatMap((curve) => {
    const stroke = curve.behind ? strokeBehind(behind.indexOf(curve)) : strokeOf(inFront.indexOf(curve));
    return [
      ...datasetsOf(curve, stroke, across.x(curve.series)),
      ...crosses(curve.series, across.x(curve.series), Number.isFinite(bottom) ? bottom : isLogScale ? 1 : 0),
    ];
  });
  const tag = curves[0]?.series.tag ?? '';
  const unit = unitOf(tag);
  const valueAxis = axis(small ? (unit ?? '') : `${tag}${unit ? ` (${unit})` : ''}`, small);
  const isLarge = Math.abs(highest(curves)) >= COMPACT_FROM;
  const acrossAxis = axis(small ? '' : across.name, small);
  return {
    type: 'line',
    data: { datasets },
    options: {
      ...fixed(small),
      parsing: false,
      normalized: true,
      plugins: framed({
        title,
        small,
        legend: curves.length > 1 ? 'lines' : 'none',
        notes: [
          subtitle,
          across.note,
          isLogScale ? 'log scale' : undefined,
          top === null ? undefined : `starts at up to ${shortNumber(highest(curves))}, above the chart`,
          bad > 0 ? `× ${bad} NaN or infinite` : undefined,
        ],
      }),
      scales: {
        x: {
          type: 'linear',
          ...extent(curves, across.x),
          ...acrossAxis,
          // Round numbers alone: the ends are rarely any.
          ticks: { ...acrossAxis.ticks, includeBounds: false },
        },
        y: {
          type: isLogScale ? 'logarithmic' : 'linear',
          grace: '4%',
          ...(top === null ? {} : { max: top }),
          ...valueAxis,
          ...(isLarge ? { ticks: { ...valueAxis.ticks, format: { notation: 'compact' } } } : {}),
        },
      },
    },
  };
}

/** Where the points lie across, and what that is called. */
function acrossOf(
  over: XAxis,
  curves: readonly Curve[],
): { name: string; note?: string; x(series: Series): Float64Array } {
  if (over === 'step') return { name: 'step', x: ({ steps }) => steps };
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
    ...(over === 'time' && Number.isFinite(first)
      ? { note: `from ${formatTime(first * 1000, 'datetime')} UTC` }
      : {}),
    x: (series) => series.wallTimes.map((time) => (time - start(series)) / unit.seconds),
  };
}

/**
 * From the first to the last point of all, but of curves behind only as far as the run itself and a little more: a
 * young run would be a stroke at the edge beside a finished one. Nothing where there is no width.
 */
function extent(curves: readonly Curve[], x: (series: Series) => Float64Array) {
  const ends = curves.map(({ series, behind }) => ({ ...endsOf(x(series), series.length), behind }));
  const min = Math.min(...ends.map((each) => each.min));
  const max = Math.max(...ends.map((each) => each.max));
  const own = Math.max(...ends.filter(({ behind }) => !behind).map((each) => each.max));
  const shown = own > min ? Math.min(max, min + AHEAD * (own - min)) : max;
  return min < shown ? { min, max: shown } : {};
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
