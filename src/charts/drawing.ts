import type { ChartConfiguration } from 'chart.js';
import type { LiveChart, LivePlot } from '../core/live-chart.ts';
import { dressed } from './dressed.ts';
import { columnsIn, LETTERS, TITLE_LETTERS } from './style.ts';
import { clipped, drawable } from './words.ts';

/** What the drawing process draws: plain JSON. */
export interface Drawing {
  width: number;
  height: number;
  title: string | null;
  notes: string;
  /** Each with its place, CSS pixels from the upper left. */
  charts: (Pick<LivePlot, 'x' | 'y' | 'width' | 'height'> & { config: ChartConfiguration })[];
}

/** What is left free beside the words above several charts, CSS pixels. */
const MARGIN = 28;

/** A chart's data with letters and colours. */
export function drawingOf({ width, height, title, notes, asDrawn, plots }: LiveChart): Drawing {
  const text = (words: string, size: number) => clipped(drawable(words), columnsIn(width - MARGIN, size));
  return {
    ...{ width, height },
    title: title === null ? null : text(title, TITLE_LETTERS),
    notes: text([...notes, ...asDrawn].join(' · '), LETTERS),
    charts: plots.map((plot) => ({
      ...{ x: plot.x, y: plot.y, width: plot.width, height: plot.height },
      config: dressed(plot),
    })),
  };
}
