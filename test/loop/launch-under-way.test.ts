import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { BOB, type ToyBot, toyBot } from '../toy-bot.ts';
import { slowLauncher } from './slow-launcher.ts';

let world: ToyBot;
afterEach(() => world.stop());

describe('a job that begins while a launch is under way', () => {
  it('is told of as its launcher, and nobody is asked why', async () => {
    const slow = slowLauncher();
    world = await toyBot({ launcher: slow.launcher, launchedSeconds: 60 });
    slow.hold();
    const launch = world.ask('queue toy hypothesis="known"', BOB);
    await eventually('its start', () => world.queue.snapshot()!.running.length === 1);
    await world.bot().app.settled();
    expect(await world.thread('job-0000001')).toEqual([]);
    slow.release();
    await launch;
    const thread = await eventually('its news', async () => {
      const said = await world.thread('job-0000001');
      return said.length >= 1 && said;
    });
    // That it was queued, and by whom, is on its card.
    expect(thread.map(({ text }) => text.split(',')[0])).toEqual(['job-0000001 started']);
  });

  it("is asked about once it is clear that it is nobody's launch", async () => {
    const slow = slowLauncher();
    world = await toyBot({ launcher: slow.launcher, launchedSeconds: 60 });
    slow.hold();
    const shell = { taskKey: 'examples.toy.ToyRegression', settings: {}, steps: 100, seconds: 60 };
    world.queue.enqueue({ ...shell, fate: 'completes' });
    const launch = world.ask('queue toy hypothesis="known"', BOB);
    await eventually('its start', () => world.jobs() === 2);
    expect((await world.thread('job-0000001')).map(({ text }) => text).join()).not.toMatch(
      /what do you expect/,
    );
    slow.release();
    await launch;
    await eventually('the question', async () =>
      (await world.thread('job-0000001')).some(({ text }) =>
        text.includes('job-0000001: what do you expect from it, @Ada?'),
      ),
    );
    expect((await world.thread('job-0000002')).map(({ text }) => text).join()).not.toMatch(
      /what do you expect/,
    );
  });
});
