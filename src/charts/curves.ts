import type { ChartConfiguration, ChartDataset } from 'chart.js';
import type { Curve, CurvesChart, Series, XAxis } from '../core/metrics.ts';
import { formatTime } from '../core/plain-text.ts';
import { best } from '../core/series.ts';
import { unitOf } from '../core/units.ts';
import { decimate, smooth } from './decimate.ts';
import { axis, BAD, colourOf, dashOf, fixed, framed, legendLabel, QUIET } from './style.ts';
import { nonFinite, shortNumber } from './summary.ts';

/** Points across the picture beyond which neighbours share a pixel. */
const BUCKETS = 600;
/** From this many points on the raw curve is drawn faint with a smoothed one over it. */
const SMOOTH_FROM = 60;
/** The smoothed curve averages over about this part of the run. */
const SMOOTHED_PART = 1 / 100;
/** Positive values that span more than this many powers of ten are drawn on a log scale. */
const LOG_DECADES = 2;
const DOT_BELOW = 30;
/** A relative spread that is rounding of 32-bit floats, as event files hold them. */
const ROUNDING = 1e-7;
/** From here on an axis says 523M. */
const COMPACT_FROM = 1e6;
/** How much further than the run itself the picture shows those it is measured against. */
const AHEAD = 1.25;
/** Crosses for values that are no numbers: enough to be seen, not so many that they are a bar. */
const CROSSES_MAX = 40;
/** A beginning that is this many times the height of everything after it is cut off at the top. */
const EARLY_HEIGHT = 4;
const EARLY_PART = 0.05;
const HEADROOM = 0.25;

/** A curve's colour, and the dashes that tell it apart without. */
interface Stroke {
  colour: string;
  dash: number[];
}

/** The dashes of curves behind: the parent's, the best run's. */
const DASHES_BEHIND: readonly number[][] = [
  [7, 4],
  [2, 3],
];

/** How far a dot may reach over the edge of the picture; at the top a beginning may be cut off. */
const CLIP = { left: 6, right: 6, top: 0, bottom: 6 };

type LineData = ChartDataset<'line', { x: number; y: number }[]>;

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
  const isLog = curves.length > 0 && curves.every(({ series }) => spansDecades(series));
  const bad = curves.reduce((sum, { series }) => sum + nonFinite(series), 0);
  const across = acrossOf(over, curves);
  const top = isLog ? null : topWithoutBeginning(curves);
  const bottom = Math.min(...curves.map(({ series }) => lowest(series)).filter(Number.isFinite));
  const [inFront, behind] = [curves.filter((each) => !each.behind), curves.filter((each) => each.behind)];
  const datasets = curves.flatMap((curve) => {
    const stroke = curve.behind ? strokeBehind(behind.indexOf(curve)) : strokeOf(inFront.indexOf(curve));
    return [
      ...datasetsOf(curve, stroke, across.x(curve.series)),
      ...crosses(curve.series, across.x(curve.series), Number.isFinite(bottom) ? bottom : isLog ? 1 : 0),
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
          isLog ? 'log scale' : undefined,
          top === null ? undefined : `begins at up to ${shortNumber(highest(curves))}, above the picture`,
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
          type: isLog ? 'logarithmic' : 'linear',
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
    name: over === 'time' ? `${unit.name} since the first began` : `${unit.name} since its own beginning`,
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

function strokeOf(index: number): Stroke {
  return { colour: colourOf(index), dash: dashOf(index) };
}

function strokeBehind(index: number): Stroke {
  return { colour: QUIET, dash: [...DASHES_BEHIND[index % DASHES_BEHIND.length]!] };
}

/** A curve, and where it has many points its raw form faint beneath the smoothed one. */
function datasetsOf({ label, series, behind }: Curve, stroke: Stroke, xs: Float64Array): LineData[] {
  const { values, length } = series;
  const { colour, dash } = stroke;
  const curve = (points: ReturnType<typeof decimate>, width: number, alpha: string): LineData => ({
    label: legendLabel(label),
    // Chart.js breaks a line at NaN, which JSON writes as null.
    data: points as { x: number; y: number }[],
    borderColor: `${colour}${alpha}`,
    backgroundColor: `${colour}${alpha}`,
    borderWidth: width,
    borderDash: dash,
    borderJoinStyle: 'round',
    ...(length < DOT_BELOW ? { pointRadius: 3 } : { pointRadius: 0, pointStyle: 'line' }),
    spanGaps: false,
    clip: CLIP,
    order: behind ? 2 : 1,
  });
  const width = behind ? 1.5 : 2.5;
  const level = levelOf(series);
  if (level !== null)
    return [curve(decimate(xs, new Float64Array(length).fill(level), length, BUCKETS), width, 'ff')];
  if (length < SMOOTH_FROM) return [curve(decimate(xs, values, length, BUCKETS), width, 'ff')];
  const smoothed = smooth(values, length, 1 - 1 / Math.max(3, length * SMOOTHED_PART));
  const over = curve(decimate(xs, smoothed, length, BUCKETS), width, 'ff');
  if (behind) return [over];
  const raw = curve(decimate(xs, values, length, BUCKETS), 1, '55');
  return [over, { ...raw, label: '', borderDash: [], order: 3 }];
}

/** The value of a curve that is one but for rounding, which smoothing would draw as noise; null for every other. */
function levelOf({ values, length }: Series): number | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < length; index += 1) {
    if (!Number.isFinite(values[index]!)) return null;
    low = Math.min(low, values[index]!);
    high = Math.max(high, values[index]!);
  }
  return high - low <= ROUNDING * Math.max(Math.abs(low), Math.abs(high)) ? low : null;
}

/** Where something that is no number was logged: crosses along the lower edge. */
function crosses({ values, length }: Series, xs: Float64Array, y: number): LineData[] {
  const bad: number[] = [];
  for (let index = 0; index < length; index += 1) if (!Number.isFinite(values[index]!)) bad.push(index);
  if (bad.length === 0) return [];
  const every = Math.ceil(bad.length / CROSSES_MAX);
  const shown = bad.filter((_, index) => index % every === 0);
  return [
    {
      label: '',
      data: shown.map((index) => ({ x: xs[index]!, y })),
      showLine: false,
      pointStyle: 'crossRot',
      pointRadius: 5,
      pointBorderWidth: 2,
      borderColor: BAD,
      backgroundColor: BAD,
      clip: false,
      order: 0,
    },
  ];
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
