import {
  appendFileSync,
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSeries } from '../../src/core/metrics.ts';
import { latest } from '../../src/core/series.ts';
import { createColumns } from '../../src/metrics/columns.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { encodeFileVersion, encodeScalarEvent, frame } from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { cpuMs, temporaryFolder } from '../helpers.ts';
import { FIXTURES } from '../recorded.ts';
import { sessionStart } from './event-forms.ts';

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

describe('a run that several processes wrote', () => {
  async function readFiles(files: Record<string, Buffer[]>) {
    const folder = temporaryFolder();
    for (const [name, records] of Object.entries(files)) {
      const path = join(folder, 'tensorboard', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, Buffer.concat([encodeFileVersion(1), ...records]));
    }
    return createRunReader(createRunFiles(folder)).read();
  }
  /** Event files by their path below `tensorboard/`: the steps of `value/loss`, each with its file's index as value. */
  async function stepsOf(files: Record<string, number[]>, tag = 'value/loss') {
    const run = await readFiles(
      Object.fromEntries(
        Object.entries(files).map(([name, steps], index) => [name, steps.map((step) => event(step, index))]),
      ),
    );
    return points(run, tag).map(([step, , value]) => `${step}:${value}`);
  }
  const stepsIn = (run: RunSeries, tag: string) => points(run, tag).map(([step]) => step);
  const file = (began: number, pid: number, count: number) =>
    `events.out.tfevents.${began}.host.${pid}.${count}`;

  it('shows of a resumed run what was trained last, not the steps it overtook', async () => {
    expect(
      await stepsOf({ [`light/${file(10, 7, 0)}`]: [1, 2, 3, 4, 5], [`light/${file(20, 8, 0)}`]: [4, 5, 6] }),
    ).toEqual(['1:0', '2:0', '3:0', '4:1', '5:1', '6:1']);
  });

  it('does so across light and heavy, and where every process has the same id, as in a container', async () => {
    expect(
      await stepsOf({
        [`light/${file(10, 1, 0)}`]: [2, 3, 5],
        [`heavy/${file(11, 1, 1)}`]: [1, 4, 6],
        [`light/${file(20, 1, 0)}`]: [4, 5],
        [`heavy/${file(21, 1, 1)}`]: [7],
      }),
    ).toEqual(['1:1', '2:0', '3:0', '4:2', '5:2', '7:3']);
  });

  it('keeps everything of a process that goes on where the one before ended', async () => {
    expect(
      await stepsOf({ [`light/${file(10, 7, 0)}`]: [1, 2], [`light/${file(20, 8, 0)}`]: [3, 4] }),
    ).toEqual(['1:0', '2:0', '3:1', '4:1']);
  });

  it('loses nothing of two files that one process writes side by side', async () => {
    expect(await stepsOf({ [file(10, 7, 0)]: [1, 3, 5], [file(12, 7, 1)]: [2, 4] })).toEqual([
      '1:0',
      '2:1',
      '3:0',
      '4:1',
      '5:0',
    ]);
  });

  it('takes the newest process for the newest however many digits its time has', async () => {
    expect(
      await stepsOf({ [`light/${file(999, 7, 0)}`]: [1, 2], [`light/${file(1000, 8, 0)}`]: [2] }),
    ).toEqual(['1:0', '2:1']);
  });

  it('takes a writer that one process begins anew for a new pass', async () => {
    const [first, second] = [`light/${file(10, 7, 0)}`, `light/${file(20, 7, 2)}`];
    expect(await stepsOf({ [first]: [1, 2, 3, 4, 5], [second]: [4, 5, 6] })).toEqual([
      '1:0',
      '2:0',
      '3:0',
      '4:1',
      '5:1',
      '6:1',
    ]);
    // By the clock of a run that trains: the first writer was done when the second was begun.
    const at = (wallTime: number, steps: number[], value: number) =>
      steps.map((step) => encodeScalarEvent({ step, wallTime, tag: 'value/loss', value }));
    const run = await readFiles({
      [`light/${file(5_000, 7, 0)}`]: at(5_030, [10, 20, 30], 0),
      [`heavy/${file(5_001, 7, 1)}`]: at(5_030, [35], 0),
      [`light/${file(5_040, 7, 2)}`]: at(5_040, [15, 25], 1),
    });
    expect(points(run, 'value/loss').map(([step, , value]) => [step, value])).toEqual([
      [10, 0],
      [15, 1],
      [25, 1],
    ]);
  });

  it('takes a writer of the same process for a new pass where SessionLog.START says so', async () => {
    const run = await readFiles({
      [file(10, 7, 0)]: [1, 3, 5].flatMap((step) => [event(step, 0), event(step, 0, 'old')]),
      [file(12, 7, 1)]: [sessionStart(2), event(2, 1), event(4, 1)],
    });
    expect(points(run, 'value/loss').map(([step, , value]) => [step, value])).toEqual([
      [1, 0],
      [2, 1],
      [4, 1],
    ]);
    expect(stepsIn(run, 'old')).toEqual([1]);
  });

  it('drops what a resumed run threw away of a metric that it logs no more, or not yet', async () => {
    const run = await readFiles({
      [`light/${file(10, 7, 0)}`]: [1, 2, 3, 4, 5].flatMap((step) => [
        event(step, 0),
        event(step, 0, 'old'),
        ...(step % 2 === 0 ? [event(step, 0, 'rare')] : []),
      ]),
      [`light/${file(20, 8, 0)}`]: [event(3, 1), event(4, 1), event(6, 1, 'rare')],
    });
    expect(stepsIn(run, 'old')).toEqual([1, 2]);
    expect(points(run, 'rare').map(([step, , value]) => [step, value])).toEqual([
      [2, 0],
      [6, 1],
    ]);
  });

  it('keeps what counts something else, and what is logged at every start', async () => {
    const first = Array.from({ length: 90 }, (_, index) => event(index + 1, 0));
    const epochs = [0, 1, 2].map((epoch) => event(epoch, 0, 'epoch/rate'));
    const run = await readFiles({
      [`light/${file(10, 7, 0)}`]: [event(0, -1, 'hp_metric'), ...epochs, ...first],
      [`light/${file(20, 8, 0)}`]: [event(0, -1, 'hp_metric'), event(2, 1, 'epoch/rate'), event(61, 1)],
    });
    expect(stepsIn(run, 'value/loss')).toEqual(Array.from({ length: 61 }, (_, index) => index + 1));
    expect(stepsIn(run, 'epoch/rate')).toEqual([0, 1, 2]);
    expect(stepsIn(run, 'hp_metric')).toEqual([0]);
  });

  it('takes steps that begin again in one file for a new pass of the metric', async () => {
    const passes = [1, 2, 3, 4, 5].map((step) => event(step, 0));
    const run = await readFiles({
      [file(10, 7, 0)]: [...passes, event(5, 0, 'other'), event(3, 1), event(4, 1), event(2, 2)],
    });
    expect(points(run, 'value/loss').map(([step, , value]) => [step, value])).toEqual([
      [1, 0],
      [2, 2],
    ]);
    expect(stepsIn(run, 'other')).toEqual([5]);
  });

  it('takes in steps that go back and back again in a time that grows with their number alone', () => {
    const count = 200_000;
    const points = createColumns('value/loss');
    const began = cpuMs();
    for (let step = 0; step < count; step += 1) points.push(step, step, 0);
    for (let step = count; step > 0; step -= 1) points.push(step, step, 1);
    expect(points.series()).toMatchObject({ length: 2 });
    expect(cpuMs() - began).toBeLessThan(5_000);
  });
});
