import { expect } from 'vitest';
import { createPictures } from '../../src/charts/pictures.ts';
import { createChartService } from '../../src/charts/service.ts';
import type { ChartRequest } from '../../src/core/metrics.ts';
import { createFileStore } from '../../src/store/files.ts';
import { temporaryFolder } from '../helpers.ts';
import { CARD, type Pixels, pixelsOf } from './pixels.ts';

/** What draws charts, in a folder of its own. */
export function createDrawing() {
  const files = createFileStore(temporaryFolder());
  const charts = createChartService({ files });
  const pictures = createPictures({ files, env: { PATH: process.env.PATH }, compileCache: undefined });
  return {
    charts,
    /** The picture, drawn. */
    async drawn(request: ChartRequest): Promise<Pixels> {
      const { image, width, height } = await charts.draw(request);
      const pixels = await pixelsOf((await pictures.fileAt(image))!);
      expect([pixels.width, pixels.height]).toEqual([width * 2, height * 2]);
      return pixels;
    },
  };
}

/** Nothing runs over the picture's edge. */
export function expectFramed({ width, height, at }: Pixels): void {
  for (let y = 0; y < height; y += 1)
    for (const x of [0, 1, width - 2, width - 1])
      expect(at(x, y).map((part, index) => Math.abs(part - CARD[index]!) < 4)).toEqual([true, true, true]);
}
