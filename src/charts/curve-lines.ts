import type { ChartDataset } from 'chart.js';
import { decimate } from '../core/decimate.ts';
import type { Curve, Series } from '../core/metrics.ts';
import { smooth } from './smooth.ts';
import { BAD, colourOf, dashOf, legendLabel, QUIET } from './style.ts';

/** Points across the picture beyond which neighbours share a pixel. */
const BUCKETS = 600;
/** From this many points on the raw curve is drawn faint with a smoothed one over it. */
export const SMOOTH_FROM = 60;
/** The smoothed curve averages over about this part of the run. */
const SMOOTHED_PART = 1 / 100;
const DOT_BELOW = 30;
/** A relative spread that is rounding of 32-bit floats, as event files hold them. */
const ROUNDING = 1e-7;
/** Crosses for values that are no numbers: enough to be seen, not so many that they are a bar. */
const CROSSES_MAX = 40;

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

export function strokeOf(index: number): Stroke {
  return { colour: colourOf(index), dash: dashOf(index) };
}

export function strokeBehind(index: number): Stroke {
  return { colour: QUIET, dash: [...DASHES_BEHIND[index % DASHES_BEHIND.length]!] };
}

/** A curve, and where it has many points its raw form faint beneath the smoothed one. */
export function datasetsOf({ label, series, behind }: Curve, stroke: Stroke, xs: Float64Array): LineData[] {
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
  // It goes on behind the right edge, where it has no dot to be cut.
  if (behind) return [{ ...over, clip: { ...CLIP, right: 0 } }];
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
export function crosses({ values, length }: Series, xs: Float64Array, y: number): LineData[] {
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
