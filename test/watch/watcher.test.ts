import { beforeEach, describe, expect, it } from 'vitest';
import { house, lookAtAll, MINUTE } from './house.ts';

describe('what is watched', () => {
  let at: ReturnType<typeof house>;
  const look = (watcher: ReturnType<ReturnType<typeof house>['create']>) =>
    lookAtAll(watcher, [at.world.job], true);

  beforeEach(() => {
    at = house({ rules: [{ name: 'loss', when: 'above', value: 5, points: 2 }] });
  });

  it('is said once an episode, also after a restart, and when it is over', async () => {
    const watcher = at.create();
    at.log(1, 9);
    await look(watcher);
    expect(at.words()).toEqual([]);
    at.log(9);
    await look(watcher);
    await look(watcher);
    await look(at.create());
    expect(at.words()).toEqual(['loss: value/loss is 9, above 5 for 2 points']);
    expect(at.watches.firing()).toMatchObject([{ rule: 'loss', job: { jobId: 'job-0000007' } }]);
    at.log(1, 1);
    await look(at.create());
    expect(at.words().slice(1)).toEqual(['over: loss: value/loss is 9, above 5 for 2 points']);
    at.log(8, 8);
    await look(watcher);
    expect(at.words()).toHaveLength(3);
    expect(new Set(at.said.map(([key]) => key)).size).toBe(3);
  });

  it('is not said while it is muted, and is when the mute has passed', async () => {
    const watcher = at.create();
    at.watches.mute({ rule: 'loss', job: at.world.job, until: at.world.now + MINUTE, by: 'Ada' });
    at.log(9, 9);
    await look(watcher);
    expect(at.words()).toEqual([]);
    at.world.now += 2 * MINUTE;
    await look(watcher);
    expect(at.words()).toHaveLength(1);
    expect(at.watches.mutes()).toEqual([]);
  });

  it('ends with its job without a word: the end is told by itself', async () => {
    const watcher = at.create();
    at.log(9, 9);
    await look(watcher);
    at.world.job = { ...at.world.job, status: 'failed' };
    await lookAtAll(watcher, [], false);
    expect([at.words().length, at.watches.firing()]).toEqual([1, []]);
  });
});

it('a rule that is removed while it fires leaves nothing open', async () => {
  const at = house();
  at.watches.add({ name: 'high', when: 'above', value: 5, points: 1 }, 'Ada');
  at.log(9);
  await lookAtAll(at.create(), [at.world.job], true);
  expect(at.watches.firing()).toHaveLength(1);
  at.watches.remove('high');
  await lookAtAll(at.create(), [at.world.job], true);
  expect([at.watches.firing(), at.words().length]).toEqual([[], 1]);
});

it('a run whose files cannot be read for a moment is not over what it was told of', async () => {
  const at = house({ rules: [{ name: 'loss', when: 'above', value: 5, points: 1 }] });
  const watcher = at.create();
  at.log(9);
  await lookAtAll(watcher, [at.world.job], true);
  at.hide(true);
  await lookAtAll(at.create(), [at.world.job], true);
  at.hide(false);
  await lookAtAll(watcher, [at.world.job], true);
  expect(at.words()).toHaveLength(1);
});

it('a metric that comes back from NaN by itself again and again is told of once', async () => {
  const at = house({ rules: [{ name: 'nan', when: 'nan' }] });
  const watcher = at.create();
  for (let turn = 0; turn < 20; turn += 1) {
    at.log(1, Number.NaN);
    await lookAtAll(watcher, [at.world.job], true);
    at.log(1);
    await lookAtAll(watcher, [at.world.job], true);
  }
  expect(at.words().map((words) => words.startsWith('over'))).toEqual([false, true]);
  at.log(Number.NaN, Number.NaN);
  await lookAtAll(watcher, [at.world.job], true);
  expect(at.words()).toHaveLength(3);
});
