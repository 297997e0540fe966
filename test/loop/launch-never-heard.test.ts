import { afterEach, describe, expect, it } from 'vitest';
import { createLaunchStore } from '../../src/store/launches.ts';
import { eventually } from '../helpers.ts';
import { type ToyBot, toyBot } from '../toy-bot.ts';

let world: ToyBot;
afterEach(() => world.stop());

describe('a launch whose answer was never heard', () => {
  const begin = (experimentId: string | null, values: { learning_rate: string }, session = 1) =>
    createLaunchStore(world.bot().app.parts.db, () => Date.now() - 1000).begin('g1', {
      preset: 'toy',
      assignments: values,
      personId: 'bob',
      session,
      experimentId,
      hypothesis: null,
      expected: null,
      parent: null,
    });
  const enqueue = (rate: number) =>
    world.queue.enqueue({
      taskKey: 'examples.toy.ToyRegression',
      settings: { learning_rate: String(rate) },
      steps: 100,
      seconds: 60,
      fate: 'completes',
    });
  const toldOfIt = async () =>
    (await world.channel())
      .map(({ text }) => text)
      .filter((text) => text.toLowerCase().includes('the launch of'));

  it('is joined to its job at the next start where it is certain which that is', async () => {
    world = await toyBot();
    await world.ask('plan toy learning_rate=0.020 hypothesis="h" name=base');
    begin('base', { learning_rate: '0.020' });
    await world.stop();
    enqueue(0.5);
    enqueue(0.02);
    await world.restart();
    expect(await world.said('experiment show base')).toMatch(/queue_job_id: job-0000002.*hypothesis: h/s);
    expect(await world.said('queue experiment=base')).toMatch(/not planned/);
    expect((await world.ask('job 2')).data).toMatchObject({ facts: { job: { owner: 'Bob' } } });
    expect(await toldOfIt()).toEqual([
      expect.stringMatching(/^job-0000002 is queued as base: the launch of toy by Bob/),
    ]);
    await world.restart();
    expect(await toldOfIt()).toHaveLength(1);
  });

  it('is joined when its job comes after the start', async () => {
    world = await toyBot();
    await world.ask('plan toy learning_rate=0.02 hypothesis="h" name=base');
    begin('base', { learning_rate: '0.02' });
    await world.restart();
    expect(await toldOfIt()).toEqual([
      expect.stringMatching(
        /If it started a job, that job is in the queue\. It was to be base, which is still planned/,
      ),
    ]);
    enqueue(0.02);
    await eventually('its job', async () =>
      /queue_job_id: job-0000001/.test(await world.said('experiment show base')),
    );
  });

  it('is not taken for one of two that fit as well', async () => {
    world = await toyBot();
    await world.ask('plan toy learning_rate=0.02 hypothesis="h" name=base');
    begin('base', { learning_rate: '0.02' });
    await world.stop();
    enqueue(0.02);
    enqueue(0.02);
    await world.restart();
    expect(await world.said('experiment show base')).toMatch(/status: planned/);
    expect(await toldOfIt()).toEqual([expect.stringMatching(/It was to be base, which is still planned/)]);
  });
});
