import type { ChartConfiguration, ChartDataset } from 'chart.js';
import type { CurvesChart, Series } from '../core/metrics.ts';
import { decimate, smooth } from './decimate.ts';
import { nonFinite } from './summary.ts';

/** Size in CSS pixels; it is drawn at twice that. */
export const CHART_WIDTH = 720;
export const CHART_HEIGHT = 405;

/** Okabe and Ito's palette, told apart by colour-blind readers; the darkest that read well on the card first. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];
const INK = '#1f2733';
const FAINT_INK = '#5b6675';
const GRID = '#e3e7ec';

/** Points across the picture beyond which neighbours share a pixel. */
const BUCKETS = 600;
/** From this many points on the raw curve is drawn faint with a smoothed one over it. */
const SMOOTH_FROM = 60;
/** The smoothed curve averages over about this part of the run. */
const SMOOTHED_PART = 1 / 40;
/** Positive values that span more than this many powers of ten are drawn on a log scale. */
const LOG_DECADES = 2;
const DOT_BELOW = 30;

/** The Chart.js picture of curves over steps: plain JSON, no functions in it. */
export function lineChart({ title, subtitle, curves }: CurvesChart): ChartConfiguration<'line'> {
  const isLog = curves.length > 0 && curves.every(({ series }) => spansDecades(series));
  const bad = curves.reduce((sum, { series }) => sum + nonFinite(series), 0);
  const notes = [
    subtitle,
    isLog ? 'log scale' : undefined,
    bad > 0 ? `${bad} NaN or infinite values left out` : undefined,
  ].filter((text) => text !== undefined);
  return {
    type: 'line',
    data: {
      datasets: curves.flatMap(({ label, series }, index) =>
        datasetsOf(drawable(label), series, COLOURS[index % COLOURS.length]!),
      ),
    },
    options: {
      animation: false,
      responsive: false,
      devicePixelRatio: 2,
      parsing: false,
      normalized: true,
      layout: { padding: { top: 8, right: 24, bottom: 8, left: 8 } },
      font: { family: 'Inter' },
      plugins: {
        title: {
          display: true,
          text: drawable(title),
          align: 'start',
          color: INK,
          font: { family: 'Inter', size: 20, weight: 600 },
          padding: { top: 4, bottom: notes.length > 0 ? 2 : 14 },
        },
        subtitle: {
          display: notes.length > 0,
          text: notes.map(drawable).join(' · '),
          align: 'start',
          color: FAINT_INK,
          font: { family: 'Inter', size: 14 },
          padding: { bottom: 12 },
        },
        legend: {
          display: curves.length > 1,
          position: 'bottom',
          labels: { color: INK, font: { family: 'Inter', size: 14 }, boxWidth: 18, boxHeight: 3 },
        },
      },
      scales: {
        x: {
          type: 'linear',
          title: { display: true, text: 'step', color: FAINT_INK, font: { family: 'Inter', size: 14 } },
          ticks: { color: FAINT_INK, font: { family: 'Inter', size: 14 }, maxTicksLimit: 8, maxRotation: 0 },
          grid: { color: GRID },
          border: { color: GRID },
        },
        y: {
          type: isLog ? 'logarithmic' : 'linear',
          grace: '4%',
          title: {
            display: curves.length > 0,
            text: drawable(curves[0]?.series.tag ?? ''),
            color: FAINT_INK,
            font: { family: 'Inter', size: 14 },
          },
          ticks: { color: FAINT_INK, font: { family: 'Inter', size: 14 }, maxTicksLimit: 7 },
          grid: { color: GRID },
          border: { color: GRID },
        },
      },
    },
  };
}

function datasetsOf(
  label: string,
  series: Series,
  colour: string,
): ChartDataset<'line', { x: number; y: number }[]>[] {
  const { steps, values, length } = series;
  const curve = (
    points: ReturnType<typeof decimate>,
    width: number,
    alpha: string,
  ): ChartDataset<'line', { x: number; y: number }[]> => ({
    label,
    // Chart.js breaks a line at NaN, which JSON writes as null.
    data: points as { x: number; y: number }[],
    borderColor: `${colour}${alpha}`,
    backgroundColor: `${colour}${alpha}`,
    borderWidth: width,
    borderJoinStyle: 'round',
    pointRadius: length < DOT_BELOW ? 3 : 0,
    spanGaps: false,
  });
  if (length < SMOOTH_FROM) return [curve(decimate(steps, values, length, BUCKETS), 2.5, 'ff')];
  const smoothed = smooth(values, length, 1 - 1 / Math.max(3, length * SMOOTHED_PART));
  return [
    curve(decimate(steps, smoothed, length, BUCKETS), 2.5, 'ff'),
    { ...curve(decimate(steps, values, length, BUCKETS), 1, '55'), label: '' },
  ];
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

/** Text as the shipped font can draw it: tags hold emoji, which would come out as boxes. */
function drawable(text: string): string {
  return text
    .replace(/\p{Extended_Pictographic}|\u{fe0f}|\u{200d}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}
