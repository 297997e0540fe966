import type { CurvesChart, Series } from '../core/metrics.ts';
import { best, latest, pointAt } from '../core/series.ts';

/** A change smaller than this part of the curve's range is no trend. */
const TREND = 0.1;

/** What the picture shows, for those who do not see it: of each curve the first, last and extreme values and the trend. */
export function altText({ title, curves }: CurvesChart): string {
  return [`Chart of ${title}.`, ...curves.map(({ label, series }) => `${label}: ${curveText(series)}.`)].join(
    ' ',
  );
}

/** How many of a curve's values are no finite numbers. */
export function nonFinite(series: Series): number {
  let count = 0;
  for (let index = 0; index < series.length; index += 1)
    if (!Number.isFinite(series.values[index]!)) count += 1;
  return count;
}

/** A value with at most four significant digits. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Inf' : '-Inf';
  return String(Number(value.toPrecision(4)));
}

function curveText(series: Series): string {
  const last = latest(series);
  if (!last) return 'no points';
  const first = pointAt(series, 0);
  const low = best(series, 'min');
  const high = best(series, 'max');
  const bad = nonFinite(series);
  const parts = [
    `${series.length} points over steps ${first.step} to ${last.step}`,
    `first ${shortNumber(first.value)}`,
    `last ${shortNumber(last.value)}`,
  ];
  if (low && high)
    parts.push(
      `lowest ${shortNumber(low.value)} at step ${low.step}`,
      `highest ${shortNumber(high.value)} at step ${high.step}`,
      trend(first.value, last.value, low.value, high.value),
    );
  if (bad > 0) parts.push(`${bad} NaN or infinite`);
  return parts.join(', ');
}

function trend(first: number, last: number, low: number, high: number): string {
  const change = last - first;
  if (!Number.isFinite(change) || Math.abs(change) < TREND * (high - low) || high === low)
    return 'level overall';
  return change > 0 ? 'rising' : 'falling';
}
