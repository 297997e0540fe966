import { expect, it } from 'vitest';
import { watchPost } from '../../src/cards/watch-post.ts';
import type { GpuTaker } from '../../src/core/gpus.ts';
import { gpuUsed, house, lookAtAll, MINUTE } from './house.ts';

it('idle GPUs are told of while hypotheses wait and nothing is queued, and not otherwise', async () => {
  const at = house({ rules: [{ name: 'idle', when: 'gpu-idle', minutes: 10 }] });
  const watcher = at.create();
  const pass = async (minutes: number, isBusy = false) => {
    at.world.now += minutes * MINUTE;
    await lookAtAll(watcher, [], isBusy);
  };
  at.world.planned = ['plan-1', 'plan-2'];
  await pass(20);
  expect(at.words()).toEqual([]);
  at.world.gpus = [gpuUsed(0), gpuUsed(80)];
  await pass(20);
  at.world.gpus = [gpuUsed(0), gpuUsed(null), gpuUsed(1)];
  await pass(2);
  await pass(9);
  expect(at.words()).toEqual([]);
  await pass(2);
  expect(at.words()).toEqual([
    'idle: the GPUs have been idle for 11 min, nothing is queued, and 2 hypotheses wait: plan-1, plan-2',
  ]);
  await pass(1, true);
  expect(at.words()).toHaveLength(2);
  expect(at.words()[1]).toMatch(/^over: /);
});

it('idle GPUs are one episode, also over a restart of the bot and while nvidia-smi tells nothing', async () => {
  const at = house({ rules: [{ name: 'idle', when: 'gpu-idle', minutes: 10 }] });
  at.world.planned = ['plan-1'];
  at.world.gpus = [gpuUsed(0)];
  let watcher = at.create();
  const pass = async (minutes: number) => {
    at.world.now += minutes * MINUTE;
    await lookAtAll(watcher, [], false);
  };
  await pass(1);
  await pass(11);
  expect(at.words()).toHaveLength(1);
  at.world.gpus = null;
  await pass(2);
  watcher = at.create();
  await pass(1);
  at.world.gpus = [gpuUsed(0)];
  await pass(2);
  expect(at.words()).toHaveLength(1);
  at.world.gpus = [gpuUsed(90)];
  await pass(2);
  expect(at.words().slice(1)).toEqual([expect.stringMatching(/^over: /)]);
});

it('somebody on a GPU of the queue is told of once they stay, once, also after a restart, and when they are gone', async () => {
  const at = house({ rules: [{ name: 'gpu-taken', when: 'gpu-taken' }] });
  let watcher = at.create();
  const taker = (pid: number): GpuTaker => ({
    gpu: 1,
    pid,
    user: 'ada',
    program: 'python',
    memoryUsed: 10_240,
  });
  const pass = async (minutes: number, takers: GpuTaker[] | null) => {
    at.world.now += minutes * MINUTE;
    at.world.takers = takers;
    await lookAtAll(watcher, [], true);
  };
  await pass(0, [taker(1)]);
  await pass(1, [taker(2)]);
  await pass(1, null);
  expect(at.words()).toEqual([]);
  await pass(1, [taker(2)]);
  expect(at.words()).toEqual([
    'gpu-taken: ada\'s python (pid 2) uses 10,240 MiB of GPU 1. That GPU belongs to the queue: "gpus" shows which are free for other work',
  ]);
  expect(at.watches.firing()).toMatchObject([{ rule: 'gpu-taken', job: null }]);
  watcher = at.create();
  await pass(1, null);
  await pass(1, [taker(2), taker(3)]);
  await pass(1, null);
  expect(at.words()).toHaveLength(1);
  await pass(1, []);
  expect(at.words().slice(1)).toEqual([expect.stringMatching(/^over: gpu-taken: ada/)]);
  const { blocks } = watchPost(at.said[0]![1], at.world.now);
  expect(blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))).toMatchObject([
    { command: 'gpus' },
    { command: 'watch', options: { action: 'mute', rule: 'gpu-taken' } },
  ]);
});
