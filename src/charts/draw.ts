import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { type Canvas, createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import { Chart, type ChartConfiguration, type ChartItem, type LegendItem, registerables } from 'chart.js';
import type { LiveChart } from '../core/live-chart.ts';
import type { ColourName } from '../core/palette.ts';
import { type Drawing, drawingOf } from './drawing.ts';
import { fitted } from './fitted.ts';
import type { Dataset } from './plot.ts';
import { familyOf, font, LETTERS, PIXEL_RATIO, pictureColour, SCRIPTS, TITLE_LETTERS } from './style.ts';

/**
 * The drawing process: a chart's data as JSON on standard input, its PNG on standard output, then it ends and gives back
 * the canvas's memory with itself. Text is drawn in a font that comes along: a GPU host may have none.
 */
const MARGIN = 14;
const TITLE_AT = 36;
const NOTES_AT = 70;
/** What stands beside a name in the legend, and beside a title. */
const LEGEND_MARGIN = 100;
const HEADING_MARGIN = 36;

const require = createRequire(import.meta.url);
for (const script of SCRIPTS)
  for (const weight of [400, 600])
    GlobalFonts.registerFromPath(
      require.resolve(`@fontsource/inter/files/inter-${script}-${weight}-normal.woff`),
      familyOf(script),
    );
Chart.register(...registerables);

const { width, height, title, notes, charts } = drawingOf(JSON.parse(await text(process.stdin)) as LiveChart);
const [only] = charts;
const picture = charts.length === 1 && title === null ? drawn(only!) : together();
process.stdout.write(picture.toBuffer('image/png'));

/** Several charts beneath a title. */
function together(): Canvas {
  const canvas = createCanvas(width * PIXEL_RATIO, height * PIXEL_RATIO);
  const context = canvas.getContext('2d');
  fillGround(context);
  for (const chart of charts) context.drawImage(drawn(chart), chart.x * PIXEL_RATIO, chart.y * PIXEL_RATIO);
  context.scale(PIXEL_RATIO, PIXEL_RATIO);
  write(context, title ?? '', { size: TITLE_LETTERS, weight: 600, colour: 'ink', at: TITLE_AT });
  write(context, notes, { size: LETTERS, weight: 400, colour: 'soft', at: NOTES_AT });
  return canvas;
}

function write(
  context: SKRSContext2D,
  words: string,
  { size, weight, colour, at }: { size: number; weight: 400 | 600; colour: ColourName; at: number },
): void {
  const shown = fitted(words, width - 2 * MARGIN, measureIn(context)(size, weight));
  context.fillStyle = pictureColour(colour);
  context.fillText(shown, MARGIN, at);
}

function fillGround(on: SKRSContext2D): void {
  on.fillStyle = pictureColour('ground');
  on.fillRect(0, 0, on.canvas.width, on.canvas.height);
}

function drawn({ config, width: across, height: down }: Drawing['charts'][number]): Canvas {
  const canvas = createCanvas(across, down);
  const measure = measureIn(canvas.getContext('2d'));
  const { labels } = config.options!.plugins!.legend!;
  labels!.generateLabels = (chart) =>
    legendLabels(chart).map((item) => ({
      ...item,
      text: fitted(item.text, across - LEGEND_MARGIN, measure(LETTERS)),
    }));
  for (const part of ['title', 'subtitle'] as const) {
    const heading = config.options!.plugins![part]!;
    const { size, weight } = heading.font as ReturnType<typeof font>;
    const fit = (text: string | undefined) =>
      fitted(text ?? '', across - HEADING_MARGIN, measure(size, weight));
    heading.text = Array.isArray(heading.text) ? heading.text.map(fit) : fit(heading.text);
  }
  const ground = {
    id: 'ground',
    beforeDraw: ({ ctx }: Chart) => fillGround(ctx as unknown as SKRSContext2D),
  };
  new Chart(canvas as unknown as ChartItem, { ...config, plugins: [ground] } as ChartConfiguration);
  return canvas;
}

/** How wide a text is in letters of a size, CSS pixels. */
function measureIn(context: SKRSContext2D) {
  return (size: number, weight: 400 | 600 = 400) =>
    (text: string): number => {
      context.font = `${weight} ${size}px ${font(size).family}`;
      return context.measureText(text).width;
    };
}

/** Chart.js's own labels of what is listed, with each dataset's dashes, which it leaves out where points are drawn beside the names. */
function legendLabels(chart: Chart): LegendItem[] {
  const plain = Chart.defaults.plugins.legend.labels.generateLabels(chart);
  return plain.flatMap((item) => {
    const dataset = chart.data.datasets[item.datasetIndex!] as unknown as Dataset;
    if (dataset.unlisted || item.text === '') return [];
    return [{ ...item, lineDash: [...((dataset.borderDash as number[] | undefined) ?? [])] }];
  });
}
