import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/queue/simulated/random.ts';
import { ENDLESS_DAY } from '../../../src/queue/simulated/script.ts';
import { createWorld } from '../../../src/queue/simulated/world.ts';
import { temporaryFolder } from '../../helpers.ts';

const DAY_SECONDS = 86_400;

it('the demo has a week behind it, one run at a time, first first', () => {
  const now = 2_000_000_000;
  const world = createWorld({ name: 'demo', folder: temporaryFolder(), random: seededRandom(1) });
  world.play(ENDLESS_DAY, now);
  const ended = [...world.jobs.values()].filter(({ endedAt }) => endedAt !== null);
  for (const [index, job] of ended.slice(1).entries())
    expect(job.startedAt).toBeGreaterThan(ended[index]!.endedAt!);
  const days = new Set(ended.map(({ endedAt }) => Math.floor((now - endedAt!) / DAY_SECONDS)));
  expect([...days]).toEqual([6, 5, 4, 3, 2, 1, 0]);
});
