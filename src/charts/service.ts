import { fileURLToPath } from 'node:url';
import { BotError } from '../core/errors.ts';
import type { Chart, ChartRequest, ChartService } from '../core/metrics.ts';
import { run } from '../processes/run.ts';
import type { FileStore } from '../store/files.ts';
import { CHART_HEIGHT, CHART_WIDTH, lineChart } from './line-chart.ts';
import { altText } from './summary.ts';

/** A drawing takes a third of a second; the host's cores may be busy. */
const DRAW_TIMEOUT_MS = 30_000;
const PNG_MAX_BYTES = 8 * 1024 * 1024;
const PROGRAM = fileURLToPath(new URL('./draw.ts', import.meta.url));

/** Draws charts in a child process each, one at a time: drawn here, the canvas would keep its memory for good. */
export function createChartService(deps: {
  files: FileStore;
  env: NodeJS.ProcessEnv;
  compileCache: string | undefined;
}): ChartService {
  let last: Promise<unknown> = Promise.resolve();

  async function draw(request: ChartRequest): Promise<Chart> {
    const config = lineChart(request);
    const result = await run({
      argv: [process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM],
      env: { PATH: deps.env.PATH, NODE_COMPILE_CACHE: deps.compileCache },
      input: JSON.stringify({ config, width: CHART_WIDTH, height: CHART_HEIGHT }),
      timeoutMs: DRAW_TIMEOUT_MS,
      maxOutputBytes: PNG_MAX_BYTES,
    });
    if (result.exitCode !== 0) {
      const why =
        result.startError ??
        (result.timedOut ? 'it took too long' : (result.stderr.trim().split('\n').at(-1) ?? ''));
      throw new BotError(
        'chart',
        `The chart could not be drawn: ${why}.`,
        'The values are all there; "npm ci" restores a missing canvas.',
      );
    }
    const image = await deps.files.save(result.stdout, 'png');
    return { image, alt: altText(request), width: CHART_WIDTH, height: CHART_HEIGHT };
  }

  return {
    draw(request) {
      const drawn = last.then(() => draw(request));
      last = drawn.catch(() => {});
      return drawn;
    },
  };
}
