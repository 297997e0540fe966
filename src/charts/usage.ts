import type { ChartConfiguration } from 'chart.js';
import type { UsageChart } from '../core/metrics.ts';
import { axis, BAD, fixed, framed, GOOD } from './style.ts';

const HOURS_OF_DAY = 24;
const IDLE = '#dde2e8';

/** Hours of each day that the queue ran well, ran what failed, and ran nothing, as stacked bars. */
export function usageChart({ title, days }: UsageChart): ChartConfiguration<'bar'> {
  const rounded = (value: number) => Math.round(value * 100) / 100;
  const hours = axis('hours');
  const bars = (label: string, colour: string, data: number[]) => ({
    label,
    data: data.map(rounded),
    backgroundColor: colour,
    borderColor: '#ffffff',
    borderWidth: 1,
    stack: 'day',
    pointStyle: 'rect' as const,
  });
  const jobs = days.reduce((sum, day) => sum + day.jobs, 0);
  return {
    type: 'bar',
    data: {
      labels: days.map(({ label }) => label),
      datasets: [
        bars(
          'busy',
          GOOD,
          days.map((day) => day.busyHours),
        ),
        bars(
          'spent on failed jobs',
          BAD,
          days.map((day) => day.failedHours),
        ),
        bars(
          'idle',
          IDLE,
          days.map((day) => day.idleHours),
        ),
      ],
    },
    options: {
      ...fixed(),
      plugins: framed({
        title,
        legend: 'points',
        notes: [jobs === 1 ? '1 job ended' : `${jobs} jobs ended`],
      }) as never,
      scales: {
        x: { type: 'category', stacked: true, ...axis('') },
        y: {
          type: 'linear',
          stacked: true,
          min: 0,
          max: HOURS_OF_DAY,
          ...hours,
          ticks: { ...hours.ticks, stepSize: 6 },
        },
      },
    },
  };
}
