import {
  type ChartRequest,
  PANELS_MAX,
  type ScoreboardChart,
  type Series,
  type UsageChart,
} from '../core/metrics.ts';
import { byTask, ranked } from '../core/scoreboard.ts';
import { best, latest, pointAt, stepWord } from '../core/series.ts';
import { durationText } from '../core/time.ts';
import { countText } from '../core/units.ts';
import { shortNumber } from './short-number.ts';

/** A change smaller than this part of the curve's range is no trend. */
const TREND = 0.1;
/** Of a scoreboard so many after the best are told. */
const NEXT_TOLD = 2;
const OVER = { step: '', time: ' over time', relative: " over the time since each run's start" };

/** What the picture shows, for those who do not see it. */
export function altText(request: ChartRequest): string {
  switch (request.kind) {
    case 'panels':
      return curvesText(
        request.title,
        request.panels.slice(0, PANELS_MAX).map((series) => ({ label: series.tag, series })),
      );
    case 'scoreboard':
      return scoreboardText(request);
    case 'usage':
      return usageText(request);
    default:
      return curvesText(`${request.title}${OVER[request.axis ?? 'step']}`, request.curves);
  }
}

/** Of each curve the first, last and extreme values and the trend. */
function curvesText(title: string, curves: readonly { label: string; series: Series }[]): string {
  const parts = curves.map(({ label, series }) => `${label}: ${curveText(series)}.`);
  return [`Chart of ${title}.`, ...parts].join(' ');
}

function scoreboardText(request: ScoreboardChart): string {
  const tasks = byTask(request);
  if (tasks.length < 2) return `Scoreboard of ${request.title}: ${taskText(request)}`;
  const each = tasks.map(
    ({ task, request: own }) => `${task === '' ? 'Without a task' : task}: ${taskText(own)}`,
  );
  return [`Scoreboard of ${request.title}, ${tasks.length} tasks.`, ...each].join(' ');
}

function taskText(request: ScoreboardChart): string {
  const { metric, mode, entries, target } = request;
  const valued = entries.filter(({ value }) => value !== null);
  const [best, ...next] = ranked(request);
  const last = valued.at(-1);
  const failed = entries.filter(({ status }) => status === 'failed').length;
  return [
    `${metric} of ${entries.length} ${entries.length === 1 ? 'experiment' : 'experiments'}, ${valued.length} with a value.`,
    best ? `Best (${mode}imum) ${shortNumber(best.value!)} by ${best.label}.` : '',
    next.length > 0
      ? `Then ${next
          .slice(0, NEXT_TOLD)
          .map(({ value, label }) => `${shortNumber(value!)} by ${label}`)
          .join(', ')}.`
      : '',
    last ? `Last ${shortNumber(last.value!)} by ${last.label}${ended(last.status)}.` : '',
    failed > 0 ? `${failed} failed.` : '',
    target === undefined ? '' : `Target ${shortNumber(target)}.`,
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** What a run that did not complete had reached is no result. */
function ended(status: string): string {
  return status === 'failed' || status === 'cancelled'
    ? `, which ${status === 'failed' ? 'failed' : 'was cancelled'}`
    : '';
}

function usageText({ title, days }: UsageChart): string {
  const sum = (of: 'busyHours' | 'failedHours' | 'idleHours') =>
    durationText(days.reduce((total, day) => total + day[of], 0) * 3_600_000);
  return `${title}, ${days.length} days: busy ${sum('busyHours')}, of it on failed jobs ${sum('failedHours')}, idle ${sum('idleHours')}.`;
}

/** How many of a curve's values are no finite numbers. */
export function nonFinite(series: Series): number {
  let count = 0;
  for (let index = 0; index < series.length; index += 1)
    if (!Number.isFinite(series.values[index]!)) count += 1;
  return count;
}

function curveText(series: Series): string {
  const last = latest(series);
  if (!last) return 'no points';
  const word = stepWord(series);
  const first = pointAt(series, 0);
  const low = best(series, 'min');
  const high = best(series, 'max');
  const bad = nonFinite(series);
  const parts = [
    `${countText(series.length)} ${series.length === 1 ? 'point' : 'points'} over ${word}s ${countText(first.step)} to ${countText(last.step)}`,
    `first ${shortNumber(first.value)}`,
    `last ${shortNumber(last.value)}`,
  ];
  if (low && high)
    parts.push(
      `lowest ${shortNumber(low.value)} at ${word} ${countText(low.step)}`,
      `highest ${shortNumber(high.value)} at ${word} ${countText(high.step)}`,
      trend(first.value, last.value, low.value, high.value),
    );
  if (bad > 0) parts.push(`${countText(bad)} NaN or infinite`);
  return parts.join(', ');
}

function trend(first: number, last: number, low: number, high: number): string {
  if (Number.isNaN(last)) return 'ends in NaN';
  const change = last - first;
  if (!Number.isFinite(change) || Math.abs(change) < TREND * (high - low) || high === low)
    return 'level overall';
  return change > 0 ? 'rising' : 'falling';
}
