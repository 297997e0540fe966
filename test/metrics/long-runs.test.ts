import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Series } from '../../src/core/metrics.ts';
import { best, latest } from '../../src/core/series.ts';
import { createLongColumns, pointsOfEach } from '../../src/metrics/long-columns.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { encodeFileVersion } from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { event, loss, newRun, points, START } from './xax-run.ts';

const MOST = 1_000;

/** Columns of so many points of these values. */
function filled(count: number, valueAt: (step: number) => number) {
  const columns = createLongColumns('value/loss', () => MOST);
  for (let step = 0; step < count; step += 1) columns.push(step, START + step, valueAt(step));
  return columns;
}

describe('the points of a tag', () => {
  it('are all kept while they are few', () => {
    const { steps, length } = filled(MOST - 1, (step) => step).series();
    expect([...steps.subarray(0, length)]).toEqual(Array.from({ length: MOST - 1 }, (_, step) => step));
  });

  it('are bounded however many come, with the lowest, the highest and the last ones as they are', () => {
    const random = seededRandom(4);
    const values = Array.from({ length: 50_000 }, () => random());
    values[777] = -5;
    values[30_001] = 7;
    const series = filled(values.length, (step) => values[step]!).series();
    expect(series.length).toBeLessThanOrEqual(MOST);
    expect(best(series, 'min')).toEqual({ step: 777, wallTime: START + 777, value: -5 });
    expect(best(series, 'max')).toEqual({ step: 30_001, wallTime: START + 30_001, value: 7 });
    const steps = [...series.steps.subarray(0, series.length)];
    expect(steps.slice(-MOST / 4)).toEqual(
      Array.from({ length: MOST / 4 }, (_, index) => values.length - MOST / 4 + index),
    );
    for (const [index, step] of steps.entries()) expect(series.values[index]).toBe(values[step]);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });

  it('are as dense at the beginning as before the last ones', () => {
    const { steps, length } = filled(40_000, (step) => Math.sin(step)).series();
    const within = (from: number, to: number) =>
      steps.subarray(0, length).filter((step) => step >= from && step < to).length;
    const [early, late] = [within(0, 10_000), within(25_000, 35_000)];
    expect(Math.max(early, late) / Math.min(early, late)).toBeLessThan(2.1);
  });

  it('tell that something was no number, however long ago', () => {
    const series = filled(20_000, (step) => (step === 5_000 ? Number.NaN : step)).series();
    expect(series.steps[series.values.subarray(0, series.length).findIndex(Number.isNaN)]).toBe(5_000);
  });

  it('give way where training begins again, and go on from there', () => {
    const columns = filled(20_000, (step) => step);
    const given = columns.series();
    columns.cutFrom(3_000);
    for (let step = 3_000; step < 6_000; step += 1) columns.push(step, START + step, -step);
    const series = columns.series();
    expect(latest(series)).toMatchObject({ step: 5_999, value: -5_999 });
    expect(best(series, 'max')!.step).toBeLessThan(3_000);
    expect(best(series, 'max')!.step).toBeGreaterThan(2_900);
    // What was given out before is what it was.
    expect(latest(given)).toMatchObject({ step: 19_999, value: 19_999 });
  });

  it('are fewer where there are many tags', () => {
    expect(pointsOfEach(16)).toBeGreaterThan(8_640);
    expect(pointsOfEach(2_000) * 2_000).toBeLessThan(1.1e6);
  });
});

describe('a run that is read as it grows', () => {
  it('is what somebody reads who begins with it now, through restarts, images and logs in any order', async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = seededRandom(seed);
      const { folder, log, path, reader } = newRun('', [event(0)]);
      const heavy = path.replace('/light/', '/heavy/').replace(/0$/, '1');
      const other = path.replace('1700000000', String(START + 500)).replace('.1.0', '.2.0');
      let [step, file] = [0, path];
      for (let round = 0; round < 60; round += 1) {
        for (let count = Math.floor(random() * 4); count > 0; count -= 1) {
          step += 1 + Math.floor(random() * 3);
          const records = ['value/loss', 'value/mae'].map((tag) => event(step, random(), tag));
          const isHeavy = file === path && random() < 0.2;
          if (random() < 0.6) append(isHeavy ? heavy : file, records);
          if (random() < 0.6) appendFileSync(log, loss(step, random()));
        }
        if (round === 40 && seed % 2 === 0) {
          // A later process takes training up again further back.
          step = Math.floor(step / 2);
          file = other;
          writeFileSync(log, loss(step, random()));
        }
        const grown = await reader.read();
        const anew = createRunReader(createRunFiles(folder));
        const whole = await anew.read();
        const where = `seed ${seed}, round ${round}`;
        for (const { tag } of whole.series) expect(points(grown, tag), where).toEqual(points(whole, tag));
        expect(grown.series.length, where).toBe(whole.series.length);
        for (const take of ['paced', 'steady'] as const)
          expect(copied(await reader[take]()), `${where} ${take}`).toEqual(copied(await anew[take]()));
      }
    }
  });
});

const copied = (series: readonly Series[]) =>
  series.map(({ tag, length, steps, wallTimes, values }) => [
    tag,
    ...[steps, wallTimes, values].map((column) => [...column.subarray(0, length)]),
  ]);

/** Writes records to an event file, which is begun where there is none. */
function append(path: string, records: readonly Buffer[]): void {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) writeFileSync(path, encodeFileVersion(START));
  appendFileSync(path, Buffer.concat(records));
}
