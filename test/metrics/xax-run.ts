import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSeries } from '../../src/core/metrics.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { encodeFileVersion, encodeScalarEvent } from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';
import { FIXTURES } from '../recorded.ts';

const WIDE = 'x'.repeat(420);
/** When a run begins, in seconds. */
export const START = 1_700_000_000;

/** A line as xax writes it, `values` as Python's json.dumps would. */
export const line = (step: number, values: string, elapsed = step) =>
  `{"state": {"num_steps": ${step}, "num_samples": ${step}, "start_time_s": ${START}.0, "elapsed_time_s": ${elapsed}.0}, "value": {${values}}}\n`;

/** A line with this loss alone. */
export const loss = (step: number, value: number | string = step) => line(step, `"loss": ${value}`);

/** A line about as long as those of xax. */
export const wide = (step: number) => line(step, `"loss": ${step}, "text": "${WIDE}"`);

/** A run with this metrics log and these events, and what reads it; `path` is that of its event file. */
export function newRun(text = '', events: Buffer[] = []) {
  const folder = temporaryFolder();
  const log = join(folder, 'json', 'log.jsonl');
  const light = join(folder, 'tensorboard', 'light');
  const path = join(light, 'events.out.tfevents.1700000000.host.1.0');
  mkdirSync(join(folder, 'json'));
  mkdirSync(light, { recursive: true });
  writeFileSync(log, text);
  if (events.length > 0) writeFileSync(path, Buffer.concat([encodeFileVersion(START), ...events]));
  let bytes = 0;
  const files = createRunFiles(folder);
  const reader = createRunReader({
    ...files,
    async read(...asked) {
      const read = await files.read(...asked);
      bytes += read.length;
      return read;
    },
    async readParts(...asked) {
      const read = await files.readParts(...asked);
      bytes += read.reduce((sum, { length }) => sum + length, 0);
      return read;
    },
  });
  return { folder, log, path, reader, bytesRead: () => bytes };
}

/** An event as the process that began at the start writes it. */
export const event = (step: number, value = step, tag = 'value/loss', wallTime = START + step) =>
  encodeScalarEvent({ step, wallTime, tag, value });

/** The points of a tag: step and value of each. */
export const points = (run: RunSeries, tag = 'value/loss') => {
  const found = run.series.find((each) => each.tag === tag);
  return Array.from({ length: found?.length ?? 0 }, (_, index) => [
    found!.steps[index]!,
    found!.values[index]!,
  ]);
};

/** The steps of a tag. */
export const steps = (run: RunSeries, tag?: string) => points(run, tag).map(([step]) => step);

/** What is read of a run that xax recorded. */
export const recorded = (name: string) =>
  createRunReader(createRunFiles(join(FIXTURES, 'runs', name))).read();

/** The multiples of so many seconds, up to the last one. */
export const every = (seconds: number, to: number) =>
  upTo(Math.floor(to / seconds)).map((count) => count * seconds);

/** So many whole numbers in a row. */
export const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, index) => from + index);
