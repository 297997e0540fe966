import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createChartService } from '../src/charts/service.ts';
import { pickObjective } from '../src/core/series.ts';
import { createRunReader } from '../src/metrics/run-reader.ts';
import { encodeFileVersion, encodeImageEvent, encodeScalarEvent } from '../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../src/queue/run-files.ts';
import { createFileStore } from '../src/store/files.ts';
import { besideXax } from './metrics-beside.ts';
import { type Bench, percentile } from './table.ts';

const TAGS = 16;
/** A point every ten seconds for a day, in each tag. */
const POINTS = 8_109;
const IMAGES = 200;
const IMAGE_BYTES = 180_000;
const CHARTS = Number(process.env.BENCH_CHARTS ?? 500);

/** A 24-hour run: reading it, reading one point more, and drawing it. */
export async function benchMetrics(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bench-'));
  const path = join(folder, 'tensorboard', 'light', 'events.out.tfevents.1.host.1.0');
  mkdirSync(join(folder, 'tensorboard', 'light'), { recursive: true });
  const point = (step: number) =>
    Array.from({ length: TAGS }, (_, tag) =>
      encodeScalarEvent({
        step,
        wallTime: 1e9 + step,
        tag: tag === 0 ? 'value/loss' : `value/metric_${tag}`,
        value: Math.exp(-step / 2_000) + Math.random() * 0.1,
      }),
    );
  // As xax logs: a step that has an image goes whole into heavy, every other into light.
  const heavy = join(folder, 'tensorboard', 'heavy', 'events.out.tfevents.1.host.1.1');
  mkdirSync(join(folder, 'tensorboard', 'heavy'), { recursive: true });
  const image = Buffer.alloc(IMAGE_BYTES, 7);
  for (const file of [path, heavy]) appendFileSync(file, encodeFileVersion(1e9));
  for (let step = 0; step < POINTS; step += 1) {
    const hasImage = step % Math.floor(POINTS / IMAGES) === 0;
    const records = hasImage
      ? [...point(step), encodeImageEvent({ step, wallTime: 1e9 + step, tag: 'sample', image })]
      : point(step);
    appendFileSync(hasImage ? heavy : path, Buffer.concat(records));
  }
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
      appendFileSync(path, Buffer.concat(point(POINTS + count)));
      began = performance.now();
      await reader.read();
      more.push(performance.now() - began);
    }
    const charts = createChartService({
      files: createFileStore(folder),
      env: process.env,
      compileCache: process.env.NODE_COMPILE_CACHE,
    });
    const curves = run.series.slice(0, 5).map((series) => ({ label: series.tag, series }));
    await charts.draw({ title: pickObjective(run.series)!.tag, curves });
    began = performance.now();
    await charts.draw({ title: 'again', curves });
    const chart = performance.now() - began;
    const before = process.memoryUsage.rss() / 1e6;
    for (let count = 0; count < CHARTS; count += 1)
      await charts.draw({ title: `chart ${count}`, curves: curves.slice(0, 1) });
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
