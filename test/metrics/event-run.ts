import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSeries } from '../../src/core/metrics.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { encodeFileVersion, encodeScalarEvent } from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';

/** The points of a tag: step, wall time and value of each. */
export const points = (run: RunSeries, tag: string) => {
  const series = run.series.find((each) => each.tag === tag);
  return series
    ? Array.from({ length: series.length }, (_, index) => [
        series.steps[index],
        series.wallTimes[index],
        series.values[index],
      ])
    : [];
};

const NAME = 'events.out.tfevents.1795446961.host.1.0';

/** A run with an event file that has no event yet, and what reads it. */
export function newRun() {
  const folder = temporaryFolder();
  const path = join(folder, 'tensorboard', 'light', NAME);
  mkdirSync(join(folder, 'tensorboard', 'light'), { recursive: true });
  writeFileSync(path, encodeFileVersion(1000));
  return { folder, path, reader: createRunReader(createRunFiles(folder)) };
}

/** An event of the process that wrote it. */
export const event = (step: number, value: number, tag = 'value/loss') =>
  encodeScalarEvent({ step, wallTime: 1000 + step, tag, value });
