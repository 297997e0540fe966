import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createPictures } from '../src/charts/pictures.ts';
import { createChartService } from '../src/charts/service.ts';
import type { ChartRequest } from '../src/core/metrics.ts';
import { pickObjective } from '../src/core/series.ts';
import { createRunReader } from '../src/metrics/run-reader.ts';
import { createRunFiles } from '../src/queue/run-files.ts';
import { createFileStore } from '../src/store/files.ts';
import { besideXax } from './metrics-beside.ts';
import { writeRun } from './metrics-run.ts';
import { type Bench, percentile, type Row } from './table.ts';

/** A day of which every tenth second is in the event files: 8,109 points in each tag. */
const SECONDS = 81_090;
/** The longest run whose metrics log, of 2 MiB, is read whole. */
const WHOLE_SECONDS = 3_450;
const IMAGES = 200;
const CHARTS = Number(process.env.BENCH_CHARTS ?? 500);

/** A 24-hour run: reading it, reading one point more, and drawing it. */
export async function benchMetrics(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bench-'));
  const logStep = writeRun(folder, SECONDS, IMAGES);
  try {
    global.gc?.();
    const residentBefore = process.memoryUsage.rss() / 1e6;
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const reader = createRunReader(createRunFiles(folder));
    let began = performance.now();
    const run = await reader.read();
    const firstRead = performance.now() - began;
    delay.disable();
    const residentAfter = process.memoryUsage.rss() / 1e6;
    const more: number[] = [];
    for (let count = 0; count < 30; count += 1) {
      logStep(SECONDS + count);
      began = performance.now();
      await reader.read();
      more.push(performance.now() - began);
    }
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
    began = performance.now();
    await draw({ title: 'again', curves });
    const chart = performance.now() - began;
    const before = process.memoryUsage.rss() / 1e6;
    for (let count = 0; count < CHARTS; count += 1)
      await draw({ title: `chart ${count}`, curves: curves.slice(0, 1) });
    const after = process.memoryUsage.rss() / 1e6;
    const points = run.series.reduce((sum, { length }) => sum + length, 0);
    return {
      name: `A 24-hour run: ${points.toLocaleString('en-US')} points in ${run.series.length} tags, ${IMAGES} images`,
      rows: [
        { what: 'first read', value: firstRead, unit: 'ms', target: 300 },
        { what: 'the event loop held at most', value: delay.max / 1e6, unit: 'ms', target: 50 },
        {
          what: 'memory above the base',
          value: Math.max(0, residentAfter - residentBefore),
          unit: 'MB',
          target: 40,
        },
        {
          what: 'one more point in each tag, median of 30',
          value: percentile(more, 0.5),
          unit: 'ms',
          target: 5,
        },
        ...(await benchWholeLog()),
        { what: 'a chart of five curves, with its process', value: chart, unit: 'ms', target: 400 },
        ...(await besideXax(folder)),
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

/** A run of an hour, whose metrics log is read whole. */
async function benchWholeLog(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bench-'));
  writeRun(folder, WHOLE_SECONDS, 1);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  await createRunReader(createRunFiles(folder)).read();
  const took = performance.now() - began;
  delay.disable();
  rmSync(folder, { recursive: true, force: true });
  return [
    { what: 'first read of a run of an hour, its metrics log whole', value: took, unit: 'ms', target: 300 },
    { what: 'the event loop held at most', value: delay.max / 1e6, unit: 'ms', target: 50 },
  ];
}
