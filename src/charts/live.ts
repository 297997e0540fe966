import type { LiveChart, LiveDataset } from '../core/live-chart.ts';
import { FAINT, LOG_SCALE } from './curves.ts';
import type { Picture } from './picture.ts';
import type { Dataset, Point } from './plot.ts';

/** More digits of a value cannot be seen, and 32-bit floats, as event files hold them, have no more. */
const DIGITS = 7;

/** The picture's data for a page that draws it itself. */
export function liveOf({ title, notes, plots }: Picture): LiveChart {
  return {
    title,
    notes: notes.filter(isLasting),
    plots: plots.map(({ plot }) => ({
      title: plot.title,
      notes: plot.notes.filter(isLasting),
      small: plot.small ?? false,
      type: plot.type,
      labels: plot.labels ?? null,
      datasets: plot.datasets.map(packed),
      options: plot.options,
    })),
  };
}

/** Whether it holds however the page draws it. */
function isLasting(note: string): boolean {
  return note !== LOG_SCALE && note !== FAINT;
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

function isPoint(point: Dataset['data'][number]): point is Point {
  return typeof point === 'object' && point !== null;
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
}
