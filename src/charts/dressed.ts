import type { ChartConfiguration } from 'chart.js';
import type { LivePlot } from '../core/live-chart.ts';
import { type ColourName, PALETTE } from '../core/palette.ts';
import { unpacked } from './live.ts';
import {
  CHART_WIDTH,
  columnsIn,
  FAMILIES,
  font,
  LETTERS,
  PIXEL_RATIO,
  pictureColour,
  TITLE_LETTERS,
} from './style.ts';
import { clipped, drawable, ending, linesOf } from './words.ts';

const MARGIN = 24;
/** A line of the legend with what stands before the name, CSS pixels. */
const LEGEND_LINE = 36;
const LEGEND_POINT = 12;
/** How long the name of the axis that goes up may be, CSS pixels. */
const UPRIGHT = 220;

/** The Chart.js chart that is drawn: a plot with letters for its place in a picture, and its colours. Plain JSON still. */
export function dressed(plot: LivePlot): ChartConfiguration {
  const { title, small, legend, width } = plot;
  const notes = [...plot.notes, ...plot.asDrawn];
  const across = width - 2 * (small ? 8 : MARGIN);
  const text = (words: string, size: number, room = across) =>
    clipped(drawable(words), columnsIn(room, size));
  const titleSize = small ? LETTERS : TITLE_LETTERS;
  return {
    type: plot.type,
    data: {
      ...(plot.labels ? { labels: plot.labels } : {}),
      datasets: plot.datasets.map((dataset) => ({
        ...coloured(unpacked(dataset)),
        label: text(dataset.label, LETTERS, across - LEGEND_LINE - LEGEND_POINT),
      })),
    },
    options: {
      ...plot.options,
      // Nothing moves, and nothing is a function.
      animation: false,
      responsive: false,
      devicePixelRatio: PIXEL_RATIO,
      layout: {
        padding: small
          ? { left: 10, right: 14, top: 4, bottom: 6 }
          : { top: 8, right: MARGIN, bottom: 8, left: 8 },
      },
      font: { family: FAMILIES },
      plugins: {
        title: {
          display: true,
          // What tells the names of panels apart stands at their ends.
          text: small ? ending(drawable(title), columnsIn(across, titleSize) - 2) : text(title, titleSize),
          align: 'start',
          color: pictureColour('ink'),
          font: font(titleSize, 600),
          padding: { top: 4, bottom: notes.length > 0 ? 2 : 14 },
        },
        subtitle: {
          display: notes.length > 0,
          text: linesOf(notes.map(drawable), columnsIn(across, LETTERS)),
          align: 'start',
          color: pictureColour('soft'),
          font: font(LETTERS),
          padding: { bottom: small ? 4 : 12 },
        },
        legend: {
          display: legend !== 'none',
          position: 'bottom',
          labels: {
            color: pictureColour('ink'),
            font: font(LETTERS),
            usePointStyle: true,
            // A width of its own would make an ellipse of a point.
            ...(legend === 'lines'
              ? { pointStyle: 'line', pointStyleWidth: LEGEND_LINE, boxHeight: 9 }
              : { boxHeight: LEGEND_POINT }),
          },
        },
      },
      scales: Object.fromEntries(
        Object.entries(plot.options.scales).map(([key, scale]) => [
          key,
          dressedAxis(scale as Axis, { small, upright: key === 'y' }),
        ]),
      ),
    },
  } as unknown as ChartConfiguration;
}

interface Axis {
  title?: { display: boolean; text: string };
  /** `color`: of the palette, one a name. */
  ticks?: { color?: ColourName[] };
  grid?: object;
}

function dressedAxis(axis: Axis, { small, upright }: { small: boolean; upright: boolean }) {
  const room = columnsIn(upright ? UPRIGHT : CHART_WIDTH / 2, LETTERS);
  return {
    ...axis,
    title: {
      ...axis.title,
      text: clipped(drawable(axis.title?.text ?? ''), room),
      color: pictureColour('soft'),
      font: font(LETTERS),
    },
    ticks: {
      font: font(LETTERS),
      maxTicksLimit: small ? (upright ? 5 : 4) : upright ? 7 : 6,
      maxRotation: 0,
      ...axis.ticks,
      color: axis.ticks?.color?.map(pictureColour) ?? pictureColour('soft'),
    },
    grid: { color: pictureColour('line'), ...axis.grid },
    border: { color: pictureColour('line') },
  };
}

/** A dataset with the colours of the picture in place of their names. */
function coloured<D extends object>(dataset: D): D {
  return Object.fromEntries(
    Object.entries(dataset).map(([key, value]) => [
      key,
      key.endsWith('Color') && typeof value === 'string' ? colourNamed(value) : value,
    ]),
  ) as D;
}

function colourNamed(colour: string): string {
  const [name, alpha = ''] = colour.split('/') as [ColourName, string?];
  return name in PALETTE ? `${pictureColour(name)}${alpha}` : colour;
}
