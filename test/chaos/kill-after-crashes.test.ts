import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { eventually } from '../helpers.ts';
import { crash, spawnBot } from './bot-process.ts';
import { queueWithJob } from './cut-off-kill-world.ts';

it.skipIf(process.platform !== 'linux')(
  'a kill that crashes of the bot cut off again and again is told once',
  async () => {
    const random = seededRandom(11);
    for (let round = 0; round < 2; round += 1) {
      const world = await queueWithJob('ignores SIGTERM');
      let current = world.process;
      while (!world.isWrittenDown()) {
        world.ask();
        await sleep(random() * 300);
      }
      for (let crashes = 0; crashes < 3; crashes += 1) {
        await sleep(random() * 500);
        await crash(current);
        current = await spawnBot(world.folder, world.home);
      }
      await eventually('it has ended', () => !world.isAlive());
      await crash(current);
      const next = await world.restart();
      await next.tells(/^job-\d+ failed/);
      const thread = await next.thread();
      expect(world.terms()).toBe('TERM\n');
      expect(thread.filter((text) => text.includes('killed by root (SIGKILL)'))).toHaveLength(1);
      expect(thread.filter((text) => text.includes('being resumed')).length).toBeLessThanOrEqual(1);
    }
  },
  120_000,
);
