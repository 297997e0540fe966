import type { ChartConfiguration, ChartDataset } from 'chart.js';
import type { ScoreboardChart } from '../core/metrics.ts';
import { axis, BAD, clipped, drawable, fixed, framed, GOOD, QUIET } from './style.ts';

/** The last so many experiments: more labels cannot be read. */
const SHOWN = 40;
const NAME_MAX = 16;

/** The best value of those that completed, up to each entry; null before the first. */
export function bestSoFar({ mode, entries }: Pick<ScoreboardChart, 'mode' | 'entries'>): (number | null)[] {
  let best: number | null = null;
  return entries.map(({ value, status }) => {
    if (value !== null && Number.isFinite(value) && status === 'completed')
      best = best === null ? value : mode === 'min' ? Math.min(best, value) : Math.max(best, value);
    return best;
  });
}

/** Each experiment's value in its order, those without one as crosses, and the best so far as a step line. */
export function scoreboardChart(request: ScoreboardChart): ChartConfiguration<'line'> {
  const { title, metric, mode, target } = request;
  const skipped = Math.max(0, request.entries.length - SHOWN);
  const entries = request.entries.slice(skipped);
  const best = bestSoFar(request).slice(skipped);
  const values = entries.map(({ value }) => (value !== null && Number.isFinite(value) ? value : null));
  const known = values.filter((value) => value !== null);
  const edge = known.length === 0 ? 0 : mode === 'min' ? Math.max(...known) : Math.min(...known);
  const points = (
    label: string,
    data: (number | null)[],
    more: Partial<ChartDataset<'line'>>,
  ): ChartDataset<'line'> =>
    ({ label, data, showLine: false, pointRadius: 6, pointBorderWidth: 2, ...more }) as ChartDataset<'line'>;
  const datasets: ChartDataset<'line'>[] = [
    points(`best so far (${mode}imum)`, best, {
      showLine: true,
      stepped: 'before',
      pointRadius: 0,
      pointStyle: 'line',
      borderColor: GOOD,
      backgroundColor: GOOD,
      borderWidth: 2.5,
    }),
    points('experiment', values, { borderColor: QUIET, backgroundColor: QUIET, pointStyle: 'circle' }),
    points(
      'without a value',
      values.map((value) => (value === null ? edge : null)),
      { borderColor: BAD, backgroundColor: BAD, pointStyle: 'crossRot' },
    ),
  ];
  if (target !== undefined)
    datasets.push(
      points(
        'target',
        entries.map(() => target),
        {
          showLine: true,
          pointRadius: 0,
          borderColor: '#009e73',
          backgroundColor: '#009e73',
          borderDash: [8, 5],
          borderWidth: 2,
        },
      ),
    );
  const across = axis('');
  return {
    type: 'line',
    data: { labels: entries.map(({ label }) => clipped(drawable(label), NAME_MAX)), datasets },
    options: {
      ...fixed(),
      plugins: framed({
        title,
        legend: 'points',
        notes: [skipped > 0 ? `the last ${SHOWN} of ${request.entries.length}` : undefined],
      }),
      scales: {
        x: {
          type: 'category',
          offset: true,
          ...across,
          ticks: { ...across.ticks, maxTicksLimit: 12, maxRotation: 60 },
        },
        y: { type: 'linear', grace: '8%', ...axis(metric) },
      },
    },
  };
}
