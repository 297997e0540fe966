import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPictures } from '../src/charts/pictures.ts';
import { createChartService } from '../src/charts/service.ts';
import type { ChartRequest } from '../src/core/metrics.ts';
import { pickObjective } from '../src/core/series.ts';
import { createRunReader } from '../src/metrics/run-reader.ts';
import { createRunFiles } from '../src/queue/run-files.ts';
import { createFileStore } from '../src/store/files.ts';
import { writeRun } from './metrics-run.ts';
import type { Bench } from './table.ts';

/** A day of which every tenth second is in the event files. */
const SECONDS = 81_090;
const CHARTS = Number(process.env.BENCH_CHARTS ?? 500);

/** Drawing the curves of a 24-hour run, each chart in a process of its own. */
export async function benchCharts(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bench-'));
  writeRun(folder, SECONDS, 0);
  try {
    const run = await createRunReader(createRunFiles(folder)).read();
    const files = createFileStore(folder);
    const charts = createChartService({ files });
    const pictures = createPictures({
      files,
      env: process.env,
      compileCache: process.env.NODE_COMPILE_CACHE,
    });
    const draw = async (request: ChartRequest) => pictures.fileAt((await charts.draw(request)).image);
    const curves = run.series.slice(0, 5).map((series) => ({ label: series.tag, series }));
    await draw({ title: pickObjective(run.series)!.tag, curves });
    const began = performance.now();
    await draw({ title: 'again', curves });
    const chart = performance.now() - began;
    const before = process.memoryUsage.rss() / 1e6;
    for (let count = 0; count < CHARTS; count += 1)
      await draw({ title: `chart ${count}`, curves: curves.slice(0, 1) });
    const after = process.memoryUsage.rss() / 1e6;
    return {
      name: 'Charts of a 24-hour run',
      rows: [
        { what: 'a chart of five curves, with its process', value: chart, unit: 'ms', target: 400 },
        {
          what: `memory after ${CHARTS} charts more, above before`,
          value: Math.max(0, after - before),
          unit: 'MB',
          target: 10,
        },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
