import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { type ToyBot, toyBot } from '../toy-bot.ts';

let world: ToyBot;
beforeAll(async () => {
  world = await toyBot({ launchedSeconds: 1 });
  await world.ask('session new study metric=value/loss mode=min');
});
afterAll(() => world.stop());

it('the digest and the week count the same, also what was cancelled before it started', async () => {
  await world.ask('queue toy');
  await world.ask('queue toy learning_rate=0.02');
  expect((await world.ask('cancel 2')).ok).toBe(true);
  await world.ended('job-0000001');
  await eventually('both ends', async () => /1 completed, 1 cancelled/.test(await world.said('digest')));
  expect(await world.said('week')).toMatch(/^jobs ended: 2$/m);
});
