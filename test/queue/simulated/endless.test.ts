import { existsSync, mkdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/queue/simulated/random.ts';
import type { Script } from '../../../src/queue/simulated/script.ts';
import { createWorld } from '../../../src/queue/simulated/world.ts';
import { temporaryFolder } from '../../helpers.ts';

const run = (fate: 'completes' | 'fails', learning_rate: string) => ({
  taskKey: 'examples.toy.ToyRegression',
  settings: { learning_rate },
  steps: 100,
  seconds: 100,
  fate,
});
const SCRIPT: Script = {
  history: [],
  waiting: [],
  later: [{ ...run('completes', '0.01'), afterSeconds: 0 }],
  endless: [run('completes', '0.005'), run('fails', '0.4')],
};

it('a day without an end brings runs by itself, each a little different, and keeps the folders of the last ones', () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const world = createWorld({ name: 'demo', folder, random: seededRandom(1) });
  world.play(SCRIPT, 0);
  let most = 0;
  for (let now = 0; now < 12_000; now += 20) {
    world.tick(now, true);
    most = Math.max(most, world.waiting.length);
  }
  const jobs = [...world.jobs.values()];
  expect(jobs.length).toBeGreaterThan(100);
  expect(most).toBeLessThanOrEqual(2);
  const ended = jobs.filter(({ endedAt }) => endedAt !== null);
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['completed', 'failed']));
  const kept = jobs.filter(({ runDir }) => existsSync(runDir));
  expect(kept.length).toBeLessThan(70);
  expect(kept.map(({ jobId }) => jobId)).toEqual(jobs.slice(-kept.length).map(({ jobId }) => jobId));
});
