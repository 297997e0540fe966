import {
  appendFileSync,
  closeSync,
  cpSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { latest } from '../../src/core/series.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { encodeFileVersion, frame } from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { temporaryFolder } from '../helpers.ts';
import { FIXTURES } from '../recorded.ts';
import { sessionStart } from './event-forms.ts';
import { event, newRun, points } from './event-run.ts';

describe('reading the metrics of a run', () => {
  /** `light` and `heavy` as TensorBoard's EventAccumulator reads them, `latest` as `xax queue metrics` prints it. */
  const expected = JSON.parse(readFileSync(join(FIXTURES, '../metrics/tensorboard.json'), 'utf8')) as Record<
    string,
    {
      light: Record<string, number[][]>;
      heavy: Record<string, number[][]>;
      latest: Record<string, [step: number, value: number]>;
    }
  >;

  /** Of a recorded run the event files alone, as TensorBoard and `xax queue metrics` read it. */
  function eventFilesOf(name: string) {
    const folder = temporaryFolder();
    cpSync(join(FIXTURES, 'runs', name, 'tensorboard'), join(folder, 'tensorboard'), { recursive: true });
    return createRunReader(createRunFiles(folder)).read();
  }

  for (const [name, { light, heavy, latest: latestOfXax }] of Object.entries(expected)) {
    it(`gives of ${name}'s event files every scalar that TensorBoard's own reader gives, in the order of steps`, async () => {
      const run = await eventFilesOf(name);
      expect(run.corruptRecords).toBe(0);
      const tags = [...new Set([...Object.keys(light), ...Object.keys(heavy)])].sort();
      expect(run.series.map(({ tag }) => tag)).toEqual(tags);
      for (const tag of tags) {
        const both = [...(heavy[tag] ?? []), ...(light[tag] ?? [])];
        expect(points(run, tag), tag).toEqual(both.toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]!));
      }
    });

    it(`gives of ${name}'s event files the latest values that xax itself gives`, async () => {
      const run = await eventFilesOf(name);
      const found = run.series.map((series) => {
        const last = latest(series)!;
        return [series.tag, [last.step, last.value]];
      });
      expect(Object.fromEntries(found)).toEqual(latestOfXax);
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

  it('finds what a network file system showed as zeros for a while', async () => {
    const { path, reader } = newRun();
    appendFileSync(path, event(1, 1));
    const late = Buffer.concat([event(2, 2), event(3, 3)]);
    const whole = Buffer.concat([readFileSync(path), late]);
    appendFileSync(path, Buffer.alloc(late.length));
    expect(await reader.read()).toMatchObject({ corruptRecords: 1 });
    const file = openSync(path, 'r+');
    writeSync(file, whole, 0, whole.length, 0);
    closeSync(file);
    utimesSync(path, new Date(), new Date(Date.now() + 5_000));
    const run = await reader.read();
    expect(run.corruptRecords).toBe(0);
    expect(points(run, 'value/loss').map(([step]) => step)).toEqual([1, 2, 3]);
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

  it('reads a file anew that was written over with more than it held', async () => {
    const { path, reader } = newRun();
    appendFileSync(path, Buffer.concat([event(1, 1), event(2, 2)]));
    await reader.read();
    truncateSync(path, 0);
    appendFileSync(
      path,
      Buffer.concat([encodeFileVersion(3000), ...[5, 6, 7, 8].map((step) => event(step, 9))]),
    );
    const run = await reader.read();
    expect(run.corruptRecords).toBe(0);
    expect(points(run, 'value/loss').map(([step]) => step)).toEqual([5, 6, 7, 8]);
  });

  it('keeps what it gave out as it was, while the run goes on', async () => {
    const { path, reader } = newRun();
    appendFileSync(path, Buffer.concat([event(1, 1), event(2, 2)]));
    const before = await reader.read();
    appendFileSync(path, Buffer.concat([event(3, 3), sessionStart(2), event(2, 20)]));
    expect(points(await reader.read(), 'value/loss').map(([, , value]) => value)).toEqual([1, 20]);
    expect(points(before, 'value/loss').map(([, , value]) => value)).toEqual([1, 2]);
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
    expect(await reader.read()).toMatchObject({ series: { length: 2_000 }, tagsKept: 2_000 });
    appendFileSync(path, event(9, 0.5, 'value/loss'));
    expect(points(await reader.read(), 'value/loss')).toEqual([[9, 1009, 0.5]]);
  });

  it('gives an empty answer for a run that has logged nothing, or whose folder is gone', async () => {
    expect(await createRunReader(createRunFiles(temporaryFolder())).read()).toEqual({
      series: [],
      corruptRecords: 0,
      writtenAt: null,
      absence: 'files',
      tagsKept: null,
    });
    expect(await createRunReader(createRunFiles('/nowhere/at/all')).read()).toMatchObject({
      series: [],
      absence: 'folder',
    });
    const { path, reader } = newRun();
    appendFileSync(path, '');
    expect(await reader.read()).toMatchObject({ series: [], absence: 'scalars' });
  });
});
