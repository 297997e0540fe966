import { appendFileSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSeries } from '../../src/core/metrics.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { encodeFileVersion, encodeScalarEvent, frame } from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { FIXTURES, temporaryFolder } from '../helpers.ts';

const points = (run: RunSeries, tag: string) => {
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

function newRun() {
  const folder = temporaryFolder();
  const path = join(folder, 'tensorboard', 'light', NAME);
  mkdirSync(join(folder, 'tensorboard', 'light'), { recursive: true });
  writeFileSync(path, encodeFileVersion(1000));
  return { folder, path, reader: createRunReader(createRunFiles(folder)) };
}
const event = (step: number, value: number, tag = 'value/loss') =>
  encodeScalarEvent({ step, wallTime: 1000 + step, tag, value });

describe('reading the metrics of a run', () => {
  const expected = JSON.parse(readFileSync(join(FIXTURES, '../metrics/tensorboard.json'), 'utf8')) as Record<
    string,
    Record<string, number[][]>
  >;

  for (const [name, tags] of Object.entries(expected)) {
    it(`gives of ${name} every scalar that TensorBoard's own reader gives, point for point`, async () => {
      const run = await createRunReader(createRunFiles(join(FIXTURES, 'runs', name))).read();
      expect(run.corruptRecords).toBe(0);
      expect(run.series.map(({ tag }) => tag)).toEqual(Object.keys(tags).sort());
      for (const [tag, wanted] of Object.entries(tags)) expect(points(run, tag), tag).toEqual(wanted);
    });
  }

  it('gives the same at every moment of a file that grows byte by byte', async () => {
    const { path, reader } = newRun();
    const random = seededRandom(3);
    const records = Buffer.concat(Array.from({ length: 40 }, (_, step) => event(step, step / 7)));
    let at = 0;
    let seen = 0;
    while (at < records.length) {
      const size = 1 + Math.floor(random() * 90);
      appendFileSync(path, records.subarray(at, at + size));
      at += size;
      const run = await reader.read();
      expect(run.corruptRecords).toBe(0);
      const found = points(run, 'value/loss');
      expect(found.length).toBeGreaterThanOrEqual(seen);
      seen = found.length;
      expect(found.map(([step]) => step)).toEqual(found.map((_, index) => index));
    }
    expect(seen).toBe(40);
  });

  it('skips a damaged record and counts it, and reads those after it', async () => {
    const { path, reader } = newRun();
    const broken = event(2, 2);
    broken[20] = broken[20]! ^ 0xff;
    appendFileSync(path, Buffer.concat([event(1, 1), broken, event(3, 3)]));
    const run = await reader.read();
    expect(run.corruptRecords).toBe(1);
    expect(points(run, 'value/loss').map(([step]) => step)).toEqual([1, 3]);
  });

  it('leaves the rest of a file whose framing is destroyed, without giving up the run', async () => {
    const { folder, path, reader } = newRun();
    appendFileSync(path, Buffer.concat([event(1, 1), Buffer.alloc(64, 0xab), event(2, 2)]));
    writeFileSync(
      join(folder, 'tensorboard', 'light', 'events.out.tfevents.1795446999.host.2.0'),
      Buffer.concat([encodeFileVersion(2000), event(5, 5)]),
    );
    const run = await reader.read();
    expect(run.corruptRecords).toBe(1);
    expect(points(run, 'value/loss').map(([step]) => step)).toEqual([1, 5]);
  });

  it('reads a file anew that was replaced or cut short', async () => {
    const { path, reader } = newRun();
    appendFileSync(path, Buffer.concat([event(1, 1), event(2, 2), event(3, 3)]));
    expect(points(await reader.read(), 'value/loss')).toHaveLength(3);
    truncateSync(path, 0);
    appendFileSync(path, Buffer.concat([encodeFileVersion(3000), event(7, 7)]));
    expect(points(await reader.read(), 'value/loss').map(([step]) => step)).toEqual([7]);
    writeFileSync(
      `${path}.new`,
      Buffer.concat([encodeFileVersion(4000), event(8, 8), event(9, 9), event(10, 10), event(11, 11)]),
    );
    renameSync(`${path}.new`, path);
    expect(points(await reader.read(), 'value/loss').map(([step]) => step)).toEqual([8, 9, 10, 11]);
  });

  it('steps over records too large to be scalars', async () => {
    const { path, reader } = newRun();
    appendFileSync(path, Buffer.concat([event(1, 1), frame(Buffer.alloc(3_000_000, 1)), event(2, 2)]));
    const run = await reader.read();
    expect(points(run, 'value/loss').map(([step]) => step)).toEqual([1, 2]);
  });

  it('keeps NaN and infinities: they were logged', async () => {
    const { path, reader } = newRun();
    appendFileSync(path, Buffer.concat([event(1, Number.NaN), event(2, Number.POSITIVE_INFINITY)]));
    expect(points(await reader.read(), 'value/loss').map(([, , value]) => value)).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('does not let a run that names its tags by step fill the memory', async () => {
    const { path, reader } = newRun();
    appendFileSync(
      path,
      Buffer.concat(Array.from({ length: 5_000 }, (_, step) => event(step, 1, `tag/${step}`))),
    );
    expect((await reader.read()).series.length).toBe(2_000);
  });

  it('gives an empty answer for a run that has logged nothing, or whose folder is gone', async () => {
    expect(await createRunReader(createRunFiles(temporaryFolder())).read()).toEqual({
      series: [],
      corruptRecords: 0,
    });
    expect(await createRunReader(createRunFiles('/nowhere/at/all')).read()).toEqual({
      series: [],
      corruptRecords: 0,
    });
  });
});
