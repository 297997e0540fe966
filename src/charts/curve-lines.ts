import { decimate } from '../core/decimate.ts';
import type { Curve, Series } from '../core/metrics.ts';
import { type ColourName, CURVE_COLOURS } from '../core/palette.ts';
import type { Dataset } from './plot.ts';
import { smooth } from './smooth.ts';

/** Points across the picture beyond which neighbours share a pixel, and what all curves together may have. */
const BUCKETS = 600;
const BUCKETS_OF_ALL = 3_000;
/** From this many finite points on the raw curve is drawn faint with a smoothed one over it. */
export const SMOOTH_FROM = 60;
const DOT_BELOW = 30;
/** A relative spread that is rounding of 32-bit floats, as event files hold them. */
const ROUNDING = 1e-7;
/** Crosses for values that are no numbers: enough to be seen, not so many that they are a bar. */
const CROSSES_MAX = 40;

/** A curve's colour, and the dashes that tell it apart without. */
interface Stroke {
  colour: ColourName;
  dash: readonly number[];
}

/** Curves differ by their strokes too. */
const DASHES: readonly number[][] = [[], [9, 4], [3, 3], [12, 3, 3, 3], [6, 6], [2, 5], [14, 6]];
/** The dashes of curves behind: the parent's, the best run's. */
const DASHES_BEHIND: readonly number[][] = [
  [7, 4],
  [2, 3],
];

/** How far a dot may reach over the edge of the picture; at the top a beginning may be cut off. */
const CLIP = { left: 6, right: 6, top: 0, bottom: 6 };
/** How much of its colour is in what lies beneath a smoothed curve. */
const FAINT = '66';

export function strokeOf(index: number): Stroke {
  return {
    colour: CURVE_COLOURS[index % CURVE_COLOURS.length]!,
    dash: DASHES[index % DASHES.length]!,
  };
}

export function strokeBehind(index: number): Stroke {
  return { colour: 'neutral', dash: DASHES_BEHIND[index % DASHES_BEHIND.length]! };
}

/** How many buckets each of so many curves has. */
export function bucketsOf(curves: number): number {
  return Math.min(BUCKETS, Math.ceil(BUCKETS_OF_ALL / Math.max(1, curves)));
}

/** Whether a smoothed curve is drawn over what was logged. */
export function isSmoothed(series: Series): boolean {
  return areFinite(series, SMOOTH_FROM) && levelOf(series) === null;
}

/** Whether so many values of a curve are finite numbers. */
function areFinite({ values, length }: Series, least: number): boolean {
  let count = 0;
  for (let index = 0; index < length && count < least; index += 1)
    if (Number.isFinite(values[index]!)) count += 1;
  return count >= least;
}

/** A curve, and where it has many points its raw form faint beneath the smoothed one, which is called `smoothed`. */
export function datasetsOf(
  { label, series, behind }: Curve,
  given: { stroke: Stroke; xs: Float64Array; buckets: number; smoothed: string },
): Dataset[] {
  const { values, length } = series;
  const { stroke, xs, buckets } = given;
  const curve = (points: ReturnType<typeof decimate>, more: Partial<Dataset>): Dataset => ({
    label,
    // Chart.js breaks a line at NaN, which JSON writes as null.
    data: points,
    borderColor: stroke.colour,
    backgroundColor: stroke.colour,
    borderWidth: behind ? 2 : 3,
    borderDash: [...stroke.dash],
    borderJoinStyle: 'round',
    ...(length < DOT_BELOW ? { pointRadius: 3 } : { ...dotsOf(points), pointStyle: 'line' }),
    spanGaps: false,
    clip: CLIP,
    order: behind ? 2 : 1,
    ...more,
  });
  const level = levelOf(series);
  if (level !== null) return [curve(decimate(xs, new Float64Array(length).fill(level), length, buckets), {})];
  const logged = decimate(xs, values, length, buckets);
  if (!isSmoothed(series)) return [curve(logged, {})];
  const over = curve(smooth(xs, values, length), {
    label: given.smoothed,
    part: 'smoothed',
    // It goes on behind the right edge, where it has no dot to be cut.
    ...(behind ? { clip: { ...CLIP, right: 0 } } : {}),
  });
  const faint = `${stroke.colour}/${FAINT}` as const;
  return [
    over,
    curve(logged, {
      part: 'logged',
      unlisted: true,
      ...(behind ? { hidden: true } : {}),
      borderColor: faint,
      backgroundColor: faint,
      borderWidth: 1,
      borderDash: [],
      order: 3,
    }),
  ];
}

/** Dots where a point stands alone between gaps, which is no line. */
function dotsOf(points: readonly { y: number | null }[]): Pick<Dataset, 'pointRadius'> {
  const isGap = (index: number) => (points[index]?.y ?? null) === null;
  const radii = points.map((_, index) => (!isGap(index) && isGap(index - 1) && isGap(index + 1) ? 2 : 0));
  return { pointRadius: radii.some((radius) => radius > 0) ? radii : 0 };
}

/** The value of a curve that is one but for rounding, which smoothing would draw as noise; null for every other. */
function levelOf({ values, length }: Series): number | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < length; index += 1) {
    if (!Number.isFinite(values[index]!)) return null;
    low = Math.min(low, values[index]!);
    high = Math.max(high, values[index]!);
    // What lies further apart is not brought together by what follows.
    if (high - low > ROUNDING * Math.max(Math.abs(low), Math.abs(high))) return null;
  }
  return length > 0 ? low : null;
}

/** Where something that is no number was logged: crosses along the lower edge. */
export function crosses({ values, length }: Series, xs: Float64Array, y: number): Dataset[] {
  const bad: number[] = [];
  for (let index = 0; index < length; index += 1) if (!Number.isFinite(values[index]!)) bad.push(index);
  if (bad.length === 0) return [];
  const every = Math.ceil(bad.length / CROSSES_MAX);
  const shown = bad.filter((_, index) => index % every === 0);
  return [
    {
      label: 'NaN or infinite',
      part: 'bad',
      unlisted: true,
      data: shown.map((index) => ({ x: xs[index]!, y })),
      showLine: false,
      pointStyle: 'crossRot',
      pointRadius: 6,
      pointBorderWidth: 2.5,
      borderColor: 'bad',
      backgroundColor: 'bad',
      clip: false,
      order: 0,
    },
  ];
}
