import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';

/** What is made of a folder with these files. */
async function read(files: Record<string, string>) {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const reader = createRunReader(createRunFiles(folder));
  const { series, sources } = await reader.read();
  const { settings, differing } = await reader.settings();
  return {
    last: Object.fromEntries(series.map(({ tag, values, length }) => [tag, values[length - 1]])),
    attempts: sources?.attempts,
    settings,
    differing,
  };
}

const table = (value: number) => `step,loss\n1,1\n2,${value}\n`;

describe('attempts at one training', () => {
  it('are told with the settings of the last one, by their numbers where nobody knows the times', async () => {
    const found = await read({
      'lightning_logs/version_2/metrics.csv': table(0.2),
      'lightning_logs/version_2/hparams.yaml': 'lr: 0.2\nseed: 1\nwidth: 8\n',
      'lightning_logs/version_10/metrics.csv': table(0.1),
      'lightning_logs/version_10/hparams.yaml': 'lr: 0.1\nseed: 2\nwidth: 8\n',
    });
    expect(found).toEqual({
      last: { loss: 0.1 },
      attempts: ['version_2', 'version_10'],
      settings: { lr: '0.1', seed: '2', width: '8' },
      differing: ['lr', 'seed'],
    });
  });

  it('are told with the settings of the last one in time, whatever their names', async () => {
    const [earlier, later] = ['f', '0'].map((digit) => `mlruns/1/${digit.repeat(32)}`);
    const found = await read({
      [`${earlier}/metrics/loss`]: '1700000000000 1.0 0\n1700000001000 0.9 1\n',
      [`${earlier}/params/lr`]: '0.1',
      [`${later}/metrics/loss`]: '1700000100000 1.0 0\n1700000101000 0.8 1\n',
      [`${later}/params/lr`]: '0.2',
    });
    expect(found).toEqual({
      last: { loss: 0.8 },
      attempts: ['f'.repeat(32), '0'.repeat(32)],
      settings: { lr: '0.2' },
      differing: ['lr'],
    });
  });

  it('that have not logged anything yet leave the settings of those that did', async () => {
    const found = await read({
      'version_0/metrics.csv': table(0.3),
      'version_0/hparams.yaml': 'lr: 0.3\n',
      'version_1/hparams.yaml': 'lr: 0.4\n',
    });
    expect(found).toMatchObject({ last: { loss: 0.3 }, settings: { lr: '0.3' }, differing: ['lr'] });
  });
});

it("says nothing of W&B's links to its own logs and its newest run", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'wandb'));
  writeFileSync(join(folder, 'train.csv'), table(0.5));
  for (const name of ['latest-run', 'debug.log', 'debug-internal.log', 'debug-core.log'])
    symlinkSync('elsewhere', join(folder, 'wandb', name));
  symlinkSync('/elsewhere/metrics.csv', join(folder, 'metrics.csv'));
  const { sources } = await createRunReader(createRunFiles(folder)).read();
  expect(sources?.unread.map(({ path }) => path)).toEqual(['metrics.csv']);
});
