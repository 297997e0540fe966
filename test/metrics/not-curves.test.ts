import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { judgedBy } from '../../src/core/series.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { encodeFileVersion, encodeScalarEvent } from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';

it('what add_hparams leaves to compare by is no curve, and no objective: it comes once, at step 0, in a folder of its own', async () => {
  const folder = temporaryFolder();
  const event = (step: number, tag: string, value: number) =>
    encodeScalarEvent({ step, wallTime: 1_795_985_770 + step, tag, value });
  const write = (path: string, ...events: Buffer[]) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), Buffer.concat([encodeFileVersion(1_795_985_770), ...events]));
  };
  const file = 'events.out.tfevents.1795985770.host';
  write(`runs/a/${file}`, event(0, 'train/loss', 2), event(1, 'train/loss', 1), event(2, 'train/loss', 0.5));
  write(`runs/a/1795985771.8563511/${file}`, event(0, 'hparam/accuracy', 0.25));
  const { series, sources } = await createRunReader(createRunFiles(folder)).read();
  expect(series.map(({ tag }) => tag)).toEqual(['train/loss']);
  expect(sources?.beside.map(({ tag }) => tag)).toEqual(['hparam/accuracy']);
  expect(judgedBy(series)?.series.tag).toBe('train/loss');
});
