import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';

/** How far a run is that logged a loss at these steps, or epochs, and was started with these settings. */
async function progressOf(column: 'step' | 'epoch', counts: readonly number[], settings: string) {
  const folder = temporaryFolder();
  const rows = counts.map((count) => `${count},${1 / (1 + count)}\n`);
  writeFileSync(join(folder, 'metrics.csv'), `${column},loss\n${rows.join('')}`);
  writeFileSync(join(folder, 'hparams.yaml'), settings);
  const reader = createRunReader(createRunFiles(folder));
  await reader.read();
  const { step, maxSteps } = (await reader.progress(null, Date.now()))!;
  return [step, maxSteps];
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
