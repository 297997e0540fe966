import { describe, expect, it } from 'vitest';
import { subRunsOf } from '../../src/metrics/sub-runs.ts';

const told = (...paths: string[]) =>
  Object.fromEntries([...subRunsOf(paths)].map(([path, { prefix, attempt }]) => [path, [prefix, attempt]]));

describe('what the folders of sub-runs mean', () => {
  it('drops what says nothing, and what all have in common', () => {
    expect(told('.', 'logs')).toEqual({ '.': ['', ''], logs: ['', ''] });
    expect(told('my_project/tb')).toEqual({ 'my_project/tb': ['', ''] });
    expect(told('out/a', 'out/b')).toEqual({ 'out/a': ['a', ''], 'out/b': ['b', ''] });
  });

  it('keeps the part of a training that something is of', () => {
    expect(told('logs/train', 'logs/validation')).toEqual({
      'logs/train': ['train', ''],
      'logs/validation': ['validation', ''],
    });
    expect(told('rank_0', 'rank_1')).toEqual({ rank_0: ['rank_0', ''], rank_1: ['rank_1', ''] });
    // One part alone is the run.
    expect(told('train')).toEqual({ train: ['', ''] });
  });

  it.each([
    ['lightning_logs/version_0', 'lightning_logs/version_12'],
    ['PPO_1', 'PPO_2'],
    ['RecurrentPPO_1', 'RecurrentPPO_3'],
    ['runs/Nov29_20-56-13_host1', 'runs/Nov29_20-56-21_host1'],
    ['outputs/2026-11-29/21-02-00', 'outputs/2026-11-30/08-00-00'],
    ['20261129-210200', '20261130-080000'],
    ['wandb/offline-run-20261129_210601-6rlab00x', 'wandb/run-20261129_220601-7rlab00x'],
    [`mlruns/0/${'a1'.repeat(16)}`, `mlruns/0/${'b2'.repeat(16)}`],
    ['1795985846.6152508', '1795985849.9623811'],
    ['runs/detect/train-2', 'runs/detect/train-3'],
  ])('%s and %s are attempts at one run', (first, second) => {
    const both = told(first, second);
    expect([both[first]![0], both[second]![0]]).toEqual(['', '']);
    expect(both[first]![1]).not.toBe(both[second]![1]);
  });

  it('a trial of a sweep goes by its number and its parameters, folds stand apart', () => {
    expect(
      told(
        'exp/f_22ab7_00000_0_lr=0.1000_2026-11-29_21-02-07',
        'exp/f_22ab7_00001_1_lr=0.2000_2026-11-29_21-02-07',
      ),
    ).toEqual({
      'exp/f_22ab7_00000_0_lr=0.1000_2026-11-29_21-02-07': ['trial_00000_lr=0.1000', ''],
      'exp/f_22ab7_00001_1_lr=0.2000_2026-11-29_21-02-07': ['trial_00001_lr=0.2000', ''],
    });
    expect(told('fold_0/version_0', 'fold_1/version_0')).toEqual({
      'fold_0/version_0': ['fold_0', 'version_0'],
      'fold_1/version_0': ['fold_1', 'version_0'],
    });
  });

  it('a checkpoint tells of the run that it is of', () => {
    expect(told('checkpoint-20', 'runs/Nov29_20-56-13_host1')['checkpoint-20']).toEqual(['', '']);
  });
});
