import { afterEach, describe, expect, it } from 'vitest';
import { createRecovery } from '../../src/app/recovery.ts';
import type { Queue } from '../../src/core/queue.ts';
import { createAdoption } from '../../src/runs/adoption.ts';
import { createLookout } from '../../src/watch/lookout.ts';
import { eventually } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { twins } from './twins.ts';

const never = () => new Promise<never>(() => {});
const QUICK = { following: { startWithinMs: 100, stopWithinMs: 100 } };
/** Far below what a read may take before it counts as hanging. */
const AT_ONCE_MS = 5_000;

let world: Awaited<ReturnType<typeof twins>> | undefined;
afterEach(() => world?.stop());

/** It is there, and nothing that is asked of it ever comes. */
const deaf = (queue: Queue): Queue => ({
  ...queue,
  refresh: never,
  readJobLog: never,
  ownerOf: never,
  runFiles: () => ({
    exists: never,
    list: never,
    entries: never,
    changedAt: never,
    isLink: never,
    stat: never,
    read: never,
    readParts: never,
  }),
});
/** It does not even start. */
const dead = (queue: Queue): Queue => ({ ...deaf(queue), start: never, snapshot: () => undefined });

describe('beside a queue that hangs', () => {
  it.each([
    ['from its start', dead],
    ['at each read', deaf],
  ])('%s, another is followed, told, commanded, adopted and shown without delay', async (_, wrap) => {
    const from = performance.now();
    world = await twins({ right: wrap, timings: QUICK });
    for (let job = 0; job < 3; job += 1) world.enqueue(world.left);
    await eventually('it is followed', () => world!.status(world!.left, 1) === 'running');
    await eventually('it is known', async () => (await world!.said('jobs')).includes('left/job-0000003'));
    expect(await world.said('status')).toMatch(/Queue left[\s\S]*left\/job-0000001[\s\S]*Queue right/);
    expect(await world.said('cancel left/2')).toBe('Cancelled: left/job-0000002');
    expect((await world.ask('logs left/1')).ok).toBe(true);
    expect(await world.said('queue toy on=left')).toContain('Queued left/job-0000004');
    await eventually('it is told', async () =>
      (await world!.channel()).some((text) => text.includes('left/job-0000003')),
    );
    expect(performance.now() - from).toBeLessThan(AT_ONCE_MS * 2);
    if (wrap === dead) {
      const health = world.bot.app.health();
      expect(health).toContainEqual(expect.objectContaining({ name: 'start of right', ok: false }));
      expect(health).toContainEqual(
        expect.objectContaining({
          name: 'observer right',
          detail: 'not known: the queue has not been read yet',
        }),
      );
      const right = (await world.said('status')).split('Queue right')[1]!;
      expect(right).toContain('The queue has not been read yet.');
      expect(right).not.toMatch(/Nothing is|observer/);
    }
  });

  it('what was cut off is taken up in each that has been read, and of the other when it has', async () => {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const recovered: string[] = [];
    const recovery = createRecovery({
      queues: { all: [{ name: 'right' }, { name: 'left' }] as Queue[], areSeveral: true },
      followed: (name) => (name === 'right' ? late : Promise.resolve()),
      recover: async (name) => void recovered.push(name),
      log: quietLog,
    });
    await recovery.start();
    await eventually('the one is', () => recovered.join() === 'left');
    resolve();
    await eventually('then the other', () => recovered.join() === 'left,right');
    await recovery.stop();
  });

  it('runs of another are watched at each look', async () => {
    const looks: string[] = [];
    const queue = (name: string) =>
      ({
        name,
        snapshot: () => ({ running: [name], jobs: new Map([[name, name]]), order: [] }),
      }) as unknown as Queue;
    const lookout = createLookout({
      queues: { all: [{ name: 'dead', snapshot: () => undefined } as Queue, queue('right'), queue('left')] },
      watcher: {
        lookAtRuns: async (running) => {
          looks.push(String(running[0]));
          if (String(running[0]) === 'right') await never();
        },
        lookAtHost: never,
      },
      log: quietLog,
    });
    for (let look = 0; look < 3; look += 1) {
      lookout.look();
      await eventually('the one is done', () => looks.filter((name) => name === 'left').length === look + 1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(looks.filter((name) => name === 'right')).toHaveLength(1);
  });

  it('what another had before is looked up', async () => {
    const found: string[] = [];
    const adoption = createAdoption({
      results: { adopt: async (queue) => (queue === 'right' ? never() : undefined), stop: async () => {} },
      causes: { adopt: async () => {}, stop: () => {} },
      facts: {
        findOwner: async ({ queue }) => {
          found.push(queue);
          return null;
        },
      },
      jobs: { recentlyEnded: () => [], list: (queue) => [{ queue }] as never },
      log: quietLog,
    });
    adoption.start('right');
    adoption.start('left');
    await eventually('the one is', () => found.join() === 'left');
  });
});
