import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSeries } from '../../src/core/metrics.ts';
import { createColumns } from '../../src/metrics/columns.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { encodeFileVersion, encodeScalarEvent } from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { cpuMs, temporaryFolder } from '../helpers.ts';
import { sessionStart } from './event-forms.ts';
import { event, points } from './event-run.ts';

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
