import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';

/** How far a run is that wrote this table, and was started with these settings. */
async function progressIn(table: string, settings: string) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'metrics.csv'), table);
  writeFileSync(join(folder, 'hparams.yaml'), settings);
  const reader = createRunReader(createRunFiles(folder));
  await reader.read();
  const { step, maxSteps } = (await reader.progress(null, Date.now()))!;
  return [step, maxSteps];
}

/** How far a run is that logged a loss at these steps, or epochs, and was started with these settings. */
function progressOf(column: 'step' | 'epoch', counts: readonly number[], settings: string) {
  const rows = counts.map((count) => `${count},${1 / (1 + count)}\n`);
  return progressIn(`${column},loss\n${rows.join('')}`, settings);
}

describe('a total', () => {
  it('is come to by a last stride that passes it', async () => {
    expect(await progressOf('step', [2_048, 4_096], 'total_timesteps: 3000\n')).toEqual([3_000, 3_000]);
    expect(await progressOf('step', [2_048], 'total_timesteps: 1000\n')).toEqual([1_000, 1_000]);
    expect(await progressOf('step', [0, 10, 20], 'max_steps: 20\n')).toEqual([20, 20]);
  });

  it('is none of a training that went on after it', async () => {
    expect(await progressOf('step', [10, 20, 30, 40], 'max_steps: 20\n')).toEqual([40, null]);
    expect(await progressOf('epoch', [1, 2, 3, 4], 'epochs: 2\n')).toEqual([4, null]);
  });
});

describe('an epoch that is logged beside steps', () => {
  const of = (rows: readonly string[]) =>
    progressIn(`step,epoch,train_loss,val_loss\n${rows.join('\n')}\n`, 'max_epochs: 3\n');
  const lightning = ['4,0,0.9,', '9,0,,0.8', '14,1,0.7,', '19,1,,0.6', '24,2,0.5,', '29,2,,0.4'];

  it('is the one under way where it is 0 for some steps, and counts as far as it has come', async () => {
    expect(await of(lightning.slice(0, 2))).toEqual([0, 3]);
    expect(await of(lightning.slice(0, 5))).toEqual([2.5, 3]);
    expect(await of(lightning)).toEqual([3, 3]);
    // A validation that is rare begins late.
    expect(await of([...lightning.map((row) => row.replace(/,[^,]*$/, ',')), '29,2,,0.4'])).toEqual([3, 3]);
  });

  it('is the one under way of a loop that logs once an epoch', async () => {
    expect(await of(['0,0,0.9,1', '1,1,0.8,0.9', '2,2,0.7,0.8'])).toEqual([3, 3]);
  });

  it('is how many are done where it is 0 only in an evaluation before the first', async () => {
    expect(await of(['0,0,,1', '10,1,0.8,0.9', '20,2,0.7,0.8'])).toEqual([2, 3]);
    expect(await of(['5,0.5,0.9,', '10,1.0,0.8,0.9', '15,1.5,0.7,'])).toEqual([1.5, 3]);
  });
});

describe('how fast a run is whose table has no times', () => {
  const rateOf = async (seconds: number) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'metrics.csv'), 'step,loss\n1,0.5\n21,0.4\n');
    const reader = createRunReader(createRunFiles(folder));
    const { writtenAt } = await reader.read();
    return (await reader.progress(writtenAt! - seconds * 1_000, writtenAt! + 1_000))!.stepsPerSecond;
  };

  it('is told by its start and its last write, and not where both are one moment, as of a copy', async () => {
    expect(await rateOf(10)).toBeCloseTo(2);
    expect(await rateOf(0.01)).toBeNull();
  });
});
