import { type Mask, maskStrings } from '../core/masked.ts';
import type { ChartService } from '../core/metrics.ts';
import { maskSecrets } from '../core/secrets.ts';
import type { FileStore } from '../store/files.ts';
import { liveOf } from './live.ts';
import { pictureOf } from './picture.ts';
import { pictureFile } from './pictures.ts';
import { altText } from './summary.ts';

/**
 * Keeps what a chart shows as data, of which a page draws it. Its picture is drawn of the same when somebody asks for its file
 * (`pictures.ts`).
 */
export function createChartService(deps: {
  files: Pick<FileStore, 'save'>;
  /** Of titles, labels and legends; by default secrets are hidden by their form alone. */
  mask?: Mask;
}): ChartService {
  const { files, mask = maskSecrets } = deps;
  return {
    async draw(request) {
      const chart = maskStrings(liveOf(pictureOf(request)), mask);
      const live = await files.save(Buffer.from(JSON.stringify(chart)), 'json');
      const { width, height } = chart;
      return { image: pictureFile(live), live, alt: altText(request), width, height };
    },
  };
}
