import type { ScoreboardChart } from '../core/metrics.ts';
import { ranked, type ScoreboardEntry, scoreboardOrder } from '../core/scoreboard.ts';
import { type Dataset, named, type Plot } from './plot.ts';
import { shortNumber } from './short-number.ts';
import { clipped, drawable } from './words.ts';

/** Rows of a plot: more cannot be read. */
const SHOWN = { best: 10, failed: 4, others: 2 };
/** Columns of an experiment's name. */
const NAME_MAX = 18;
/** Before the name of a run that failed; its row has no point, since what it had reached is no result. */
const FAILED = '×';

/** How many rows the plot of these entries has. */
export function rowsOf(request: ScoreboardChart): number {
  return scoreboardOrder(request, SHOWN).length;
}

/**
 * Experiments of one task, a row each: those that completed by their value, the best at the top, then those that failed and were
 * stopped, which their names tell: what they had reached is no result.
 */
export function scoreboardChart(request: ScoreboardChart): Plot {
  const { title, metric, mode, target } = request;
  const shown = scoreboardOrder(request, SHOWN);
  const ofResults = ranked(request);
  const known = ofResults.map(({ value }) => value!);
  const isResult = (entry: ScoreboardEntry) => ofResults.includes(entry);
  const points = (
    label: string,
    isOne: (entry: ScoreboardEntry, row: number) => boolean,
    more: Pick<Dataset, 'borderColor' | 'backgroundColor' | 'pointStyle'> & { pointRadius?: number },
  ) => {
    const data = shown.map((entry, row) => (isOne(entry, row) ? entry.value : null));
    const dataset: Dataset = { label, data, showLine: false, pointBorderWidth: 3, pointRadius: 9, ...more };
    return data.some((value) => value !== null) ? [dataset] : [];
  };
  const datasets = [
    ...points('best', (entry, row) => row === 0 && isResult(entry), {
      borderColor: 'good',
      backgroundColor: 'good',
      pointStyle: 'rectRot',
      pointRadius: 12,
    }),
    ...points('completed', (entry, row) => row > 0 && isResult(entry), {
      borderColor: 'curve-1',
      backgroundColor: 'curve-1',
      pointStyle: 'circle',
    }),
  ];
  if (target !== undefined)
    datasets.push({
      label: `target ${shortNumber(target)}`,
      data: shown.map(() => target),
      pointRadius: 0,
      pointStyle: 'line',
      borderColor: 'warning',
      backgroundColor: 'warning',
      borderDash: [8, 5],
      borderWidth: 3,
    });
  const count = (status: string) => request.entries.filter((entry) => entry.status === status).length;
  return {
    title,
    legend: 'points',
    notes: [
      known.length === 0 ? 'no result yet' : mode === 'min' ? 'lower is better' : 'higher is better',
      ofResults.length > SHOWN.best ? `the best ${SHOWN.best} of ${ofResults.length}` : '',
      count('failed') > SHOWN.failed ? `the last ${SHOWN.failed} of ${count('failed')} that failed` : '',
    ].filter((note) => note !== ''),
    type: 'line',
    labels: shown.map((entry) => rowLabel(entry, isResult(entry))),
    datasets,
    options: {
      indexAxis: 'y',
      scales: {
        x: { type: 'linear', grace: '6%', display: known.length > 0, ...named(metric) },
        y: {
          type: 'category',
          offset: true,
          ...named(''),
          ticks: {
            maxTicksLimit: shown.length,
            autoSkip: false,
            color: shown.map(({ status }) => (status === 'failed' ? 'bad' : 'soft')),
          } as object,
        },
      },
    },
  };
}

/** An experiment and what it reached, or how it ended. */
function rowLabel({ label, value, status }: ScoreboardEntry, isResult: boolean): string {
  const name = clipped(drawable(label), NAME_MAX);
  if (isResult) return `${name}  ${shortNumber(value!)}`;
  const how = status === 'completed' ? 'no value' : clipped(drawable(status), NAME_MAX);
  return `${status === 'failed' ? `${FAILED} ` : ''}${name}  ${how}`;
}
