import type { LiveChart, LiveDataset } from '../core/live-chart.ts';
import type { Picture } from './picture.ts';
import type { Dataset, Point } from './plot.ts';

/** More digits of a value cannot be seen, and 32-bit floats, as event files hold them, have no more. */
const DIGITS = 7;

/** The picture's data, as it is kept. */
export function liveOf({ plots, ...picture }: Picture): LiveChart {
  return {
    ...picture,
    plots: plots.map(({ plot, ...place }) => ({
      ...place,
      title: plot.title,
      notes: plot.notes,
      asDrawn: plot.asDrawn ?? [],
      legend: plot.legend,
      small: plot.small ?? false,
      type: plot.type,
      labels: plot.labels ?? null,
      datasets: plot.datasets.map(packed),
      options: plot.options,
    })),
  };
}

/** Points as two columns take half the room. */
function packed({ data, ...rest }: Dataset): LiveDataset {
  if (!data.every(isPoint)) return { ...rest, data };
  return {
    ...rest,
    xs: data.map(({ x }) => rounded(x)),
    ys: data.map(({ y }) => (y === null ? null : rounded(y))),
  };
}

/** The points of two columns, as Chart.js has them. */
export function unpacked({ xs, ys, data, ...rest }: LiveDataset) {
  return { ...rest, data: xs && ys ? xs.map((x, at) => ({ x, y: ys[at]! })) : data };
}

function isPoint(point: Dataset['data'][number]): point is Point {
  return typeof point === 'object' && point !== null;
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
}
