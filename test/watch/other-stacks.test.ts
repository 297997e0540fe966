import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Series } from '../../src/core/metrics.ts';
import type { WatchRule } from '../../src/core/watch.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { checkRun, type RunView } from '../../src/watch/conditions.ts';
import { temporaryFolder } from '../helpers.ts';
import { ELSEWHERE, FOLDERS } from '../metrics/elsewhere.ts';

const START = 1_795_446_000_000;
const MINUTE = 60_000;

/** A curve of a table whose first rows stood there when it was first read: they have no time. */
function untimed(tag: string, values: readonly number[], timed = 0): Series {
  const since = (index: number) => index - (values.length - timed);
  return {
    tag,
    length: values.length,
    steps: Float64Array.from(values, (_, index) => index + 1),
    counts: 'epoch',
    wallTimes: Float64Array.from(values, (_, index) =>
      since(index) < 0 ? Number.NaN : START / 1_000 + 600 + since(index) * 60,
    ),
    values: Float64Array.from(values),
  };
}

function run(series: readonly Series[], more: Partial<RunView> = {}): RunView {
  const writtenAt = START + 10 * MINUTE;
  return { series, objective: null, startedAt: START, writtenAt, isElsewhere: true, now: writtenAt, ...more };
}

const words = (rule: Omit<WatchRule, 'name'>, view: RunView, since?: number) =>
  checkRun({ name: 'x', ...rule }, view, since !== undefined, since)?.words ?? null;

describe('the watch over a run of another stack', () => {
  const loss = (length: number, timed = 0) =>
    untimed(
      'val_loss',
      Array.from({ length }, () => 1),
      timed,
    );

  it('takes what a buffered writer keeps back for no stall, and no data yet for nothing more than that', () => {
    const rule = { when: 'stalled', minutes: 1 } as const;
    const begun = run([], { writtenAt: START + 1_000, now: START + 140_000 });
    expect(words(rule, begun)).toBeNull();
    expect(words(rule, { ...begun, isElsewhere: false })).toContain('nothing new for 2 min');
    expect(words(rule, { ...begun, now: START + 200_000 })).toContain('nothing at all for 3 min');
  });

  it('waits for what is written as rarely as it was before, where no point has a time', () => {
    const rule = { when: 'stalled', minutes: 5 } as const;
    expect(words(rule, run([loss(20)], { now: START + 24 * MINUTE }))).toBeNull();
    expect(words(rule, run([loss(20)], { now: START + 26 * MINUTE }))).toContain('nothing new for 16 min');
    // With times its own pauses count: one a minute.
    expect(words(rule, run([loss(20, 8)], { now: START + 21 * MINUTE }))).toContain('nothing new for 11 min');
  });

  it('says nothing of the pace of a curve without times, and an epoch is called one', () => {
    const slow = { when: 'slow' } as const;
    expect(words(slow, run([loss(300)]))).toBeNull();
    const timed = loss(300, 300);
    timed.wallTimes.forEach((time, index) => {
      timed.wallTimes[index] = time + Math.max(0, index - 200) * 180;
    });
    expect(words(slow, run([timed]))).toBe('an epoch takes it 4 min; usually 1 min in this run');
    const bad = untimed('train_loss', [1, 2, Number.NaN]);
    expect(words({ when: 'nan' }, run([bad]))).toBe('train_loss is NaN, since epoch 3');
  });

  it('goes on with an alarm on a curve without times', () => {
    const values = Array.from({ length: 240 }, (_, index) => (index < 200 ? 1 + (index % 3) / 100 : 9));
    const view = run([untimed('loss', values)]);
    expect(words({ when: 'diverged' }, view)).toContain('loss is 9, away from its best');
    expect(words({ when: 'diverged' }, run([untimed('loss', values, 20)]), START + 9 * MINUTE)).toContain(
      'loss is 9',
    );
  });

  it('takes a metric that never was a number for a placeholder, but no loss or gradient', () => {
    const never = (tag: string) => untimed(tag, [Number.NaN, Number.NaN]);
    const nan = { when: 'nan' } as const;
    const beside = untimed('train/loss', [1, 0.5]);
    for (const tag of ['rollout/ep_rew_mean', 'val_accuracy', 'eval/bleu'])
      expect([tag, words(nan, run([beside, never(tag)]))]).toEqual([tag, null]);
    expect(words({ when: 'nan', tag: 'val_accuracy' }, run([never('val_accuracy')]))).toContain('is NaN');
    for (const tag of ['train_loss', 'train/grad_norm', 'value/loss'])
      expect(words(nan, run([never(tag)]))).toBe(`${tag} is NaN, since epoch 1`);
    const rewards = untimed('rollout/ep_rew_mean', [Number.NaN, 3, Number.NaN]);
    expect(words(nan, run([rewards]))).toBeNull();
    expect(words(nan, run([untimed('rollout/ep_rew_mean', [3, Number.NaN])]))).toContain('is NaN');
  });
});

describe('of the recorded runs of other stacks', () => {
  const told = async (folder: string, rule: Omit<WatchRule, 'name'>) => {
    const copy = temporaryFolder();
    cpSync(join(ELSEWHERE, folder), copy, { recursive: true });
    const { series, writtenAt } = await createRunReader(createRunFiles(copy)).read();
    return words(rule, run(series, { writtenAt, now: writtenAt! + 100_000 }));
  };

  it('divergence is told where it is, though it was stored as 0.0, and nowhere else', async () => {
    const nan: Record<string, string> = {};
    for (const folder of FOLDERS) {
      const found = await told(folder, { when: 'nan' });
      if (found !== null) nan[folder] = found;
    }
    expect(nan).toMatchInlineSnapshot(`
      {
        "dvclive/whole": "val/loss is NaN, since step 8",
        "mlflow/sqlite": "val_loss is NaN, since step 19",
        "ray-tune/grid-of-2": "trial_00001_lr=0.2000/loss is NaN, since step 12",
        "transformers/nan-unfiltered": "eval/loss is NaN, since step 30",
        "wandb/offline-finished": "val/loss is NaN, since step 103",
      }
    `);
  });

  it('none is stalled or slow a moment after it wrote', async () => {
    for (const folder of FOLDERS)
      for (const when of ['stalled', 'slow', 'diverged'] as const)
        expect([folder, await told(folder, when === 'stalled' ? { when, minutes: 1 } : { when })]).toEqual([
          folder,
          null,
        ]);
  });
});
