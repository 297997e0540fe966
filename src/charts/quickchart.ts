import { BotError } from '../core/errors.ts';
import { within } from '../core/within.ts';
import type { Drawing } from './drawing.ts';
import { PIXEL_RATIO, pictureColour } from './style.ts';

const TIMEOUT_MS = 8_000;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const CHART_JS = '4';

/**
 * Lets a team's own QuickChart server draw a chart. It gets plain JSON as a string: given an object, quickchart-js
 * would let a label of `__BEGINFUNCTION__…__ENDFUNCTION__` out as JavaScript. Error `chart` when no PNG comes back.
 */
export async function drawByQuickChart(server: string, { charts, width, height }: Drawing): Promise<Buffer> {
  const imported = await import('quickchart-js');
  // A CommonJS package whose export is the class itself, which its types do not say.
  const QuickChart = imported.default as unknown as typeof imported.default.default;
  const { protocol, host, pathname } = new URL(server);
  const asked = new QuickChart()
    .setScheme(protocol.replace(':', ''))
    .setHost(`${host}${pathname.replace(/\/$/, '')}`)
    .setConfig(JSON.stringify(charts[0]!.config))
    .setVersion(CHART_JS)
    .setWidth(width)
    .setHeight(height)
    .setDevicePixelRatio(PIXEL_RATIO)
    .setBackgroundColor(pictureColour('ground'))
    .toBinary();
  const image = await within(TIMEOUT_MS, asked, () => {
    throw new BotError('chart', 'the QuickChart server did not answer in time', '');
  });
  if (image.subarray(0, PNG.length).equals(PNG)) return image;
  throw new BotError('chart', 'the QuickChart server returned no PNG', '');
}
