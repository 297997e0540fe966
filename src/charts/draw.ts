import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { Chart, type ChartConfiguration, type ChartItem, registerables } from 'chart.js';

/**
 * The drawing process: a Chart.js picture as JSON on standard input, its PNG on standard output, then it ends and
 * gives back the canvas's memory with itself. Text is drawn in a font that comes along: a GPU host may have none.
 */
const CARD = '#fbfcfd';

const require = createRequire(import.meta.url);
for (const weight of [400, 600]) {
  GlobalFonts.registerFromPath(
    require.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff`),
    'Inter',
  );
}
Chart.register(...registerables);

interface DrawRequest {
  config: ChartConfiguration;
  width: number;
  height: number;
}

const { config, width, height } = JSON.parse(await text(process.stdin)) as DrawRequest;
const canvas = createCanvas(width, height);
config.plugins = [
  {
    id: 'card',
    beforeDraw({ ctx, width: across, height: down }) {
      ctx.fillStyle = CARD;
      ctx.fillRect(0, 0, across, down);
    },
  },
];
const legend = config.options?.plugins?.legend;
if (legend?.labels) legend.labels.filter = (item) => item.text !== '';
new Chart(canvas as unknown as ChartItem, config);
process.stdout.write(canvas.toBuffer('image/png'));
