import type { ChartConfiguration } from 'chart.js';
import { type ChartRequest, PANELS_MAX, type PanelsChart } from '../core/metrics.ts';
import { curvesChart } from './curves.ts';
import { scoreboardChart } from './scoreboard.ts';
import { CHART_HEIGHT, CHART_WIDTH, clipped, drawable } from './style.ts';
import { usageChart } from './usage.ts';

/** One Chart.js chart and its place, CSS pixels from the picture's upper left. */
export interface PlacedChart {
  config: ChartConfiguration;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What the drawing process draws: plain JSON. */
export interface Picture {
  width: number;
  height: number;
  /** Stands above several charts; one has its own. */
  title: string | null;
  charts: PlacedChart[];
}

const PANEL_HEIGHT = 210;
/** A name in the legend takes a row mostly; of so many the picture has room. */
const LEGEND_ROW = 24;
const LEGEND_ROWS = 2;
const PANEL_COLUMNS = 2;
const TITLE_HEIGHT = 44;
const TITLE_MAX = 64;

/** The picture of a request. */
export function pictureOf(request: ChartRequest): Picture {
  switch (request.kind) {
    case 'panels':
      return panels(request);
    case 'scoreboard':
      return single(scoreboardChart(request) as ChartConfiguration);
    case 'usage':
      return single(usageChart(request) as ChartConfiguration);
    default:
      return single(
        curvesChart(request) as ChartConfiguration,
        CHART_HEIGHT + LEGEND_ROW * Math.max(0, request.curves.length - LEGEND_ROWS),
      );
  }
}

function single(config: ChartConfiguration, height: number = CHART_HEIGHT): Picture {
  const width = CHART_WIDTH;
  return { width, height, title: null, charts: [{ config, x: 0, y: 0, width, height }] };
}

function panels({ title, subtitle, panels: given }: PanelsChart): Picture {
  const shown = given.slice(0, PANELS_MAX);
  const rows = Math.max(1, Math.ceil(shown.length / PANEL_COLUMNS));
  const width = CHART_WIDTH / PANEL_COLUMNS;
  const more = given.length > shown.length ? `, ${shown.length} of ${given.length} metrics` : '';
  return {
    width: CHART_WIDTH,
    height: TITLE_HEIGHT + rows * PANEL_HEIGHT,
    title: clipped(drawable(`${title}${more}${subtitle === undefined ? '' : ` · ${subtitle}`}`), TITLE_MAX),
    charts: shown.map((series, index) => ({
      config: curvesChart(
        { title: series.tag, curves: [{ label: series.tag, series }] },
        true,
      ) as ChartConfiguration,
      x: (index % PANEL_COLUMNS) * width,
      y: TITLE_HEIGHT + Math.floor(index / PANEL_COLUMNS) * PANEL_HEIGHT,
      width,
      height: PANEL_HEIGHT,
    })),
  };
}
