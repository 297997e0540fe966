import type { CurvesChart, Series } from '../core/metrics.ts';
import { unitOf } from '../core/units.ts';
import {
  acrossOf,
  COMPACT_FROM,
  endsOf,
  extent,
  highest,
  lowest,
  SHORT,
  spansDecades,
  ticksTo,
  timed,
  topWithoutBeginning,
} from './curve-axes.ts';
import { bucketsOf, crosses, datasetsOf, isSmoothed, strokeBehind, strokeOf } from './curve-lines.ts';
import { type Dataset, named, type Plot } from './plot.ts';
import { shortNumber } from './short-number.ts';
import { reachOf } from './smooth.ts';
import { nonFinite } from './summary.ts';

const REACH = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const LARGE_REACH = new Intl.NumberFormat('en', SHORT);
const LOG_SCALE = 'log scale';
/** Said where a smoothed curve lies over what was logged. */
export const FAINT = 'smoothed, with the logged values faint';

/** The plot of curves. `small`: as one of several in a picture. */
export function curvesChart(
  { title, subtitle, axis: over = 'step', curves: given }: CurvesChart,
  small = false,
): Plot {
  const curves = over === 'step' ? given : given.map(timed);
  const untimed = given.filter(({ series }, index) => curves[index]!.series.length < series.length);
  const isLogScale = curves.length > 0 && curves.every(({ series }) => spansDecades(series));
  const bad = curves.reduce((sum, { series }) => sum + nonFinite(series), 0);
  const across = acrossOf(over, curves);
  const top = isLogScale ? null : topWithoutBeginning(curves);
  const bottom = Math.min(...curves.map(({ series }) => lowest(series)).filter(Number.isFinite));
  const [inFront, behind] = [curves.filter((each) => !each.behind), curves.filter((each) => each.behind)];
  const smoothed = curves.filter(({ series }) => isSmoothed(series));
  // What lies behind has no faint line.
  const isFaint = smoothed.some(({ behind }) => !behind);
  const isAlone = curves.length === 1;
  const datasets = curves.flatMap((curve) => {
    const xs = across.x(curve.series);
    const lines = datasetsOf(curve, {
      stroke: curve.behind ? strokeBehind(behind.indexOf(curve)) : strokeOf(inFront.indexOf(curve)),
      xs,
      buckets: bucketsOf(curves.length),
      smoothed: isAlone ? smoothedName(curve.series, xs, across.unit) : `${curve.label}, smoothed`,
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
      top === null ? undefined : `starts at up to ${shortNumber(highest(curves))}, above the chart`,
      bad > 0 ? `× ${bad} NaN or infinite` : undefined,
      untimed.length > 0
        ? `without what has no time: ${untimed.map(({ label }) => label).join(', ')}`
        : undefined,
      isEmpty && untimed.length === 0 ? 'no points yet' : undefined,
    ]
      .filter((note) => note !== undefined)
      .filter((note) => note !== ''),
    asDrawn: [...(isLogScale ? [LOG_SCALE] : []), ...(!isAlone && isFaint ? [FAINT] : [])],
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
          display: Number.isFinite(bottom),
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

/** What the smoothed curve is called: with how far to either side it looks, in the unit of the axis. */
function smoothedName(series: Series, xs: Float64Array, unit: string): string {
  const { min, max } = endsOf(xs, series.length);
  const reach = reachOf(series.length) * (max - min);
  if (!(reach > 0)) return 'smoothed';
  return `smoothed, ±${(reach >= COMPACT_FROM ? LARGE_REACH : REACH).format(reach >= 10 ? Math.round(reach) : Number(reach.toPrecision(2)))} ${unit}`;
}

/** The lines of the only curve: its name is in the title. */
function alone(line: Dataset): Dataset {
  return line.part === 'logged' ? { ...line, label: 'logged values', unlisted: false } : line;
}
