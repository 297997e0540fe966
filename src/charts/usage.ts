import type { UsageChart } from '../core/metrics.ts';
import { type Dataset, named, type Plot } from './plot.ts';

const QUARTER = 6;
const HALF_DAY = 12;
/** Beyond so many hours (several queues) the axis counts in larger steps. */
const DAYS_OF_QUARTERS = 36;
/** Hours that there were are seen, however few: CSS pixels. */
const BAR_LEAST = 6;

/**
 * Hours of each day that the queue ran well and ran what failed, as stacked bars; the axis ends where they do. Nothing is drawn
 * for the hours in which it ran nothing: they are told in words, as the sums are, beside the chart.
 */
export function usageChart({ title, days }: UsageChart): Plot {
  const bars = (label: string, colour: 'curve-1' | 'bad', data: readonly number[]): Dataset => ({
    label,
    data: data.map((hours) => (hours > 0 ? Number(hours.toPrecision(3)) : null)),
    backgroundColor: colour,
    borderColor: 'ground',
    borderWidth: 1,
    minBarLength: BAR_LEAST,
    maxBarThickness: 72,
    stack: 'day',
    pointStyle: 'rect' as const,
  });
  const most = Math.max(...days.map((day) => day.busyHours));
  return {
    title,
    legend: 'points',
    notes: [],
    type: 'bar',
    labels: days.map(({ label, busyHours }) => [
      // Three short lines: seven days are beside each other on a phone.
      ...label.split(' '),
      hoursText(busyHours),
    ]),
    datasets: [
      bars(
        'on jobs that did not fail',
        'curve-1',
        days.map((day) => day.busyHours - day.failedHours),
      ),
      bars(
        'on failed jobs',
        'bad',
        days.map((day) => day.failedHours),
      ),
    ],
    options: {
      scales: {
        x: {
          type: 'category',
          stacked: true,
          ...named(''),
          grid: { display: false },
          ticks: { autoSkip: false },
        },
        y: { type: 'linear', stacked: true, min: 0, ...upTo(most), ...named('hours') },
      },
    },
  };
}

/** Of long days quarters of a day. */
function upTo(hours: number) {
  if (hours <= HALF_DAY) return { suggestedMax: 1, grace: '5%' };
  const max = Math.ceil(hours / QUARTER) * QUARTER;
  return { max, ticks: { stepSize: QUARTER * Math.ceil(max / DAYS_OF_QUARTERS) } };
}

/** Beneath a day: `6 h`, `0.4 h`, or that it was idle. */
function hoursText(hours: number): string {
  if (hours <= 0) return 'idle';
  return hours < 0.1 ? '<0.1 h' : `${Number(hours.toPrecision(2))} h`;
}
