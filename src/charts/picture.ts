import type { ChartConfiguration } from 'chart.js';
import { type ChartRequest, PANELS_MAX, type PanelsChart, type ScoreboardChart } from '../core/metrics.ts';
import { byTask } from '../core/scoreboard.ts';
import { curvesChart, FAINT } from './curves.ts';
import type { Plot } from './plot.ts';
import { rowsOf, scoreboardChart } from './scoreboard.ts';
import { CHART_HEIGHT, CHART_WIDTH, columnsIn, dressed, LETTERS, TITLE_LETTERS } from './style.ts';
import { usageChart } from './usage.ts';
import { clipped, drawable } from './words.ts';

/** A chart and its place, CSS pixels from the picture's upper left. */
interface Placed {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What a request shows, not yet drawn: plain JSON. */
export interface Picture {
  width: number;
  height: number;
  /** Stands above several charts; one has its own. */
  title: string | null;
  notes: string[];
  plots: (Placed & { plot: Plot })[];
}

/** What the drawing process draws: plain JSON. */
export interface Drawing {
  width: number;
  height: number;
  title: string | null;
  notes: string;
  charts: (Placed & { config: ChartConfiguration })[];
}

const PANEL_HEIGHT = 250;
/** A name in the legend takes a row mostly; of so many the picture has room. */
const LEGEND_ROW = 32;
const LEGEND_ROWS = 2;
const PANEL_COLUMNS = 2;
const TITLE_HEIGHT = 52;
const NOTES_HEIGHT = 30;
/** What is around the rows of a scoreboard, and one of them. */
const AROUND_ROWS = 240;
const ROW_HEIGHT = 40;
/** More tasks than this make no picture for a phone. */
const TASKS_MAX = 4;

/** The picture of a request. */
export function pictureOf(request: ChartRequest): Picture {
  switch (request.kind) {
    case 'panels':
      return panels(request);
    case 'scoreboard':
      return scoreboard(request);
    case 'usage':
      return single(usageChart(request));
    default: {
      const plot = curvesChart(request);
      const listed = plot.datasets.filter(({ unlisted }) => !unlisted);
      return single(plot, CHART_HEIGHT + LEGEND_ROW * Math.max(0, listed.length - LEGEND_ROWS));
    }
  }
}

/** The picture with letters and colours. */
export function drawingOf({ width, height, title, notes, plots }: Picture): Drawing {
  const text = (words: string, size: number) => clipped(drawable(words), columnsIn(width - 28, size));
  return {
    ...{ width, height },
    title: title === null ? null : text(title, TITLE_LETTERS),
    notes: text(notes.join(' · '), LETTERS),
    charts: plots.map(({ plot, ...placed }) => ({ ...placed, config: dressed(plot, placed.width) })),
  };
}

function single(plot: Plot, height: number = CHART_HEIGHT): Picture {
  const width = CHART_WIDTH;
  return { width, height, title: null, notes: [], plots: [{ plot, x: 0, y: 0, width, height }] };
}

/** A task an axis, one below the other: values of two tasks say nothing of each other. */
function scoreboard(request: ScoreboardChart): Picture {
  const tasks = byTask(request);
  const heightOf = (entries: ScoreboardChart) => AROUND_ROWS + ROW_HEIGHT * Math.max(2, rowsOf(entries));
  if (tasks.length < 2) return single(scoreboardChart(request), heightOf(request));
  const width = CHART_WIDTH;
  let y = TITLE_HEIGHT;
  const plots = tasks.slice(0, TASKS_MAX).map(({ task, request: own }) => {
    const height = heightOf(own);
    const plot = scoreboardChart({ ...own, title: task === '' ? 'without a task' : task });
    y += height;
    return { plot, x: 0, y: y - height, width, height };
  });
  const more = tasks.length > TASKS_MAX ? `, ${TASKS_MAX} of ${tasks.length} tasks` : '';
  return { width, height: y, title: `${request.title}${more}`, notes: [], plots };
}

function panels({ title, subtitle, panels: given }: PanelsChart): Picture {
  const shown = given.slice(0, PANELS_MAX);
  const rows = Math.max(1, Math.ceil(shown.length / PANEL_COLUMNS));
  const width = CHART_WIDTH / PANEL_COLUMNS;
  const plots = shown.map((series) =>
    curvesChart({ title: series.tag, curves: [{ label: series.tag, series }] }, true),
  );
  const isSmoothed = plots.some(({ datasets }) => datasets.some(({ part }) => part === 'smoothed'));
  const notes = [
    subtitle ?? '',
    given.length > shown.length ? `${shown.length} of ${given.length} metrics` : '',
    isSmoothed ? FAINT : '',
  ].filter((note) => note !== '');
  const top = TITLE_HEIGHT + (notes.length > 0 ? NOTES_HEIGHT : 0);
  return {
    width: CHART_WIDTH,
    height: top + rows * PANEL_HEIGHT,
    title,
    notes,
    plots: plots.map((plot, index) => ({
      plot,
      x: (index % PANEL_COLUMNS) * width,
      y: top + Math.floor(index / PANEL_COLUMNS) * PANEL_HEIGHT,
      width,
      height: PANEL_HEIGHT,
    })),
  };
}
