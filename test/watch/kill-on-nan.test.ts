import { expect, it } from 'vitest';
import { house, lookAtAll } from './house.ts';

it('a job is killed on NaN only where its preset asks for it, after as many points, once', async () => {
  const careless = house();
  careless.log(Number.NaN, Number.NaN, Number.NaN);
  await lookAtAll(careless.create(), [careless.world.job], true);
  expect(careless.killed).toEqual([]);

  const careful = house({ killOnNan: 3 });
  const watcher = careful.create();
  careful.log(1, Number.NaN, Number.NaN);
  await lookAtAll(watcher, [careful.world.job], true);
  expect(careful.killed).toEqual([]);
  careful.log(Number.NaN);
  await lookAtAll(watcher, [careful.world.job], true);
  await lookAtAll(watcher, [careful.world.job], true);
  expect(careful.killed).toEqual(['job-0000007 by xaxbot']);
  expect(careful.words()).toEqual(['kill-on-nan: value/loss is NaN, since step 2']);
});

it('a kill on NaN that was refused is said once and tried again, and nothing else is given its name', async () => {
  const at = house({ killOnNan: 1, rules: [{ name: 'high', when: 'above', value: 5, points: 1 }] });
  expect(() => at.watches.add({ name: 'kill-on-nan', when: 'above', value: 5 }, 'Ada')).toThrow(
    'a reserved word',
  );
  expect(() => at.watches.add({ name: 'all', when: 'nan' }, 'Ada')).toThrow('a reserved word');
  const watcher = at.create();
  at.log(9);
  await lookAtAll(watcher, [at.world.job], true);
  expect(at.killed).toEqual([]);
  at.world.refusesKill = 'it has no process yet';
  at.log(Number.NaN);
  await lookAtAll(watcher, [at.world.job], true);
  await lookAtAll(watcher, [at.world.job], true);
  expect(at.killed).toHaveLength(2);
  const refusals = at.said.filter(([key]) => key.endsWith(':refused'));
  expect(new Set(refusals.map(([key]) => key)).size).toBe(1);
  expect(refusals[0]![1].words).toContain(
    'its preset asks to kill it, but that failed: it has no process yet',
  );
  at.world.refusesKill = '';
  await lookAtAll(at.create(), [at.world.job], true);
  await lookAtAll(watcher, [at.world.job], true);
  expect(at.killed).toHaveLength(3);
});
