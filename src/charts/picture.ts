import { type ChartRequest, PANELS_MAX, type PanelsChart, type ScoreboardChart } from '../core/metrics.ts';
import { byTask } from '../core/scoreboard.ts';
import { curvesChart, FAINT } from './curves.ts';
import type { Plot } from './plot.ts';
import { rowsOf, scoreboardChart } from './scoreboard.ts';
import { CHART_HEIGHT, CHART_WIDTH } from './style.ts';
import { usageChart } from './usage.ts';

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
  /** What else is said of it as it is drawn here. */
  asDrawn: string[];
  plots: (Placed & { plot: Plot })[];
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

function single(plot: Plot, height: number = CHART_HEIGHT): Picture {
  const width = CHART_WIDTH;
  return { width, height, title: null, notes: [], asDrawn: [], plots: [{ plot, x: 0, y: 0, width, height }] };
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
  return { width, height: y, title: `${request.title}${more}`, notes: [], asDrawn: [], plots };
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
  ].filter((note) => note !== '');
  const asDrawn = isSmoothed ? [FAINT] : [];
  const top = TITLE_HEIGHT + (notes.length + asDrawn.length > 0 ? NOTES_HEIGHT : 0);
  return {
    width: CHART_WIDTH,
    height: top + rows * PANEL_HEIGHT,
    title,
    notes,
    asDrawn,
    plots: plots.map((plot, index) => ({
      plot,
      x: (index % PANEL_COLUMNS) * width,
      y: top + Math.floor(index / PANEL_COLUMNS) * PANEL_HEIGHT,
      width,
      height: PANEL_HEIGHT,
    })),
  };
}
