import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { type Canvas, createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { Chart, type ChartDataset, type ChartItem, type LegendItem, registerables } from 'chart.js';
import type { Picture, PlacedChart } from './picture.ts';
import { CARD, PIXEL_RATIO } from './style.ts';

/**
 * The drawing process: a picture as JSON on standard input, its PNG on standard output, then it ends and gives back
 * the canvas's memory with itself. Text is drawn in a font that comes along: a GPU host may have none.
 */
const TITLE_FONT = '600 20px Inter';
const TITLE_INK = '#1f2733';
const TITLE_AT = [14, 30] as const;

const require = createRequire(import.meta.url);
for (const weight of [400, 600]) {
  GlobalFonts.registerFromPath(
    require.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff`),
    'Inter',
  );
}
Chart.register(...registerables);

const { width, height, title, charts } = JSON.parse(await text(process.stdin)) as Picture;
const whole = createCanvas(width * PIXEL_RATIO, height * PIXEL_RATIO);
const context = whole.getContext('2d');
context.fillStyle = CARD;
context.fillRect(0, 0, whole.width, whole.height);
for (const chart of charts) context.drawImage(drawn(chart), chart.x * PIXEL_RATIO, chart.y * PIXEL_RATIO);
if (title !== null) {
  context.scale(PIXEL_RATIO, PIXEL_RATIO);
  context.font = TITLE_FONT;
  context.fillStyle = TITLE_INK;
  context.fillText(title, ...TITLE_AT);
}
process.stdout.write(whole.toBuffer('image/png'));

function drawn({ config, width: across, height: down }: PlacedChart): Canvas {
  const canvas = createCanvas(across, down);
  const labels = config.options?.plugins?.legend?.labels;
  if (labels) {
    labels.filter = (item) => item.text !== '';
    labels.generateLabels = dashedLabels;
  }
  new Chart(canvas as unknown as ChartItem, config);
  return canvas;
}

/** Chart.js's own labels with each dataset's dashes, which it leaves out where points are drawn beside the names. */
function dashedLabels(chart: Chart): LegendItem[] {
  const plain = Chart.defaults.plugins.legend.labels.generateLabels(chart);
  return plain.map((item) => {
    const dataset = chart.data.datasets[item.datasetIndex!] as ChartDataset<'line'>;
    return { ...item, lineDash: [...((dataset.borderDash as number[] | undefined) ?? [])] };
  });
}
