import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { ADA, buttonsOf, CLAUDE, type ToyBot, toyBot } from '../toy-bot.ts';
import { slowLauncher } from './slow-launcher.ts';

let world: ToyBot;
afterEach(() => world.stop());

describe('a launch from chat', () => {
  it('lands in the session of its channel, under its job, and a retry in that of the first', async () => {
    world = await toyBot();
    await world.ask('session new main metric=value/loss mode=min');
    await world.ask('session new wide metric=value/mae mode=min here=true', ADA, { channel: 'other' });
    await world.ask('queue toy learning_rate=0.02 hypothesis="wider"', ADA, { channel: 'other' });
    await world.ended('job-0000001');
    expect(await world.said('retry 1')).toMatch(/^Queued job-0000002: toy learning_rate=0\.02/);
    await world.ended('job-0000002');
    await eventually('their values', async () =>
      [...(await world.rows('wide')).values()].every(({ objective_value }) => objective_value !== ''),
    );
    expect([...(await world.rows('main')).keys()]).toEqual([]);
    const rows = await world.rows('wide');
    expect([...rows.keys()]).toEqual(['job-0000001', 'job-0000002']);
    expect(rows.get('job-0000001')).toMatchObject({ hypothesis: 'wider', objective_metric: 'value/mae' });
    expect(rows.get('job-0000002')).toMatchObject({
      parent_experiment_id: 'job-0000001',
      hypothesis: 'wider',
    });
  });

  it('stays in the session it was given in when another is used before its launcher answers', async () => {
    const slow = slowLauncher();
    world = await toyBot({ launcher: slow.launcher });
    await world.ask('session new one metric=value/loss mode=min');
    slow.hold();
    const launch = world.ask('queue toy learning_rate=0.02 hypothesis="h"');
    await eventually('the job', () => world.jobs() === 1);
    await world.ask('session new two metric=value/loss mode=min');
    slow.release();
    await launch;
    expect([...(await world.rows('one')).keys()]).toEqual(['job-0000001']);
    expect([...(await world.rows('two')).keys()]).toEqual([]);
  });

  it('measures by what the session is after at the launch, and says what it changes then', async () => {
    world = await toyBot();
    await world.ask('session new s metric=value/mae mode=max');
    await world.ask('queue toy learning_rate=0.02 name=base');
    await world.ask('plan toy learning_rate=0.03 hypothesis="h" name=a parent=base');
    await world.ask('plan toy learning_rate=0.03 hypothesis="h" name=b parent=base');
    await world.ask('experiment edit b changes="my own words"');
    await world.ask('session change metric=value/loss mode=min');
    await world.ask('queue experiment=a learning_rate=0.5');
    await world.ask('queue experiment=b learning_rate=0.5');
    await world.ended('job-0000003');
    await eventually('a value', async () => (await world.row('s', 'a'))?.objective_value !== '');
    expect(await world.row('s', 'a')).toMatchObject({
      objective_metric: 'value/loss',
      objective_mode: 'min',
      change_summary: 'learning_rate 0.02 -> 0.5',
    });
    expect(await world.row('s', 'b')).toMatchObject({ change_summary: 'my own words' });
  });

  it('names the experiment that a run is measured against', async () => {
    world = await toyBot();
    await world.ask('session new s metric=value/loss mode=min');
    await world.ask('queue toy learning_rate=0.02 name=base');
    await world.ended('job-0000001');
    await eventually('a value', async () => (await world.row('s', 'base'))?.objective_value !== '');
    await world.ask('queue toy learning_rate=0.03 name=next');
    await world.ended('job-0000002');
    await eventually(
      'what it changes',
      async () =>
        (await world.row('s', 'next'))?.change_summary === 'learning_rate 0.02 -> 0.03 (against base)',
    );
  });
});

describe('what was shown is what is queued', () => {
  it('by a button, whatever session is in use when it is pressed', async () => {
    world = await toyBot();
    await world.ask('session new A');
    const shown = await world.ask('plan toy learning_rate=0.02 hypothesis="in A"');
    await world.ask('session new B');
    expect(await world.said('plan toy learning_rate=0.9 hypothesis="in B"')).toMatch(/^Planned plan-2/);
    expect(await world.said('queue experiment=plan-1')).toMatch(
      /no experiment "plan-1" in the session B\. The session A has one: A\/plan-1/,
    );
    expect(world.jobs()).toBe(0);
    const [button] = buttonsOf(shown);
    expect((await world.press(button!)).data).toMatchObject({
      experimentId: 'plan-1',
      assignments: { learning_rate: '0.02' },
    });
    expect(await world.row('A', 'plan-1')).toMatchObject({ queue_job_id: 'job-0000001' });
    expect(await world.row('B', 'plan-2')).toMatchObject({ status: 'planned' });
  });

  it('by an approval, in the session that the proposal was made in', async () => {
    world = await toyBot();
    await world.ask('session new A');
    await world.ask('plan toy learning_rate=0.02 hypothesis="in A" name=same');
    await world.ask('queue experiment=same', CLAUDE);
    await world.ask('queue toy learning_rate=0.03', CLAUDE);
    await world.ask('session new B');
    await world.ask('plan toy learning_rate=0.9 hypothesis="in B" name=same');
    expect((await world.ask('approve 1')).ok).toBe(true);
    expect((await world.ask('approve 2')).ok).toBe(true);
    expect([...(await world.rows('A')).values()].map(({ queue_job_id }) => queue_job_id)).toEqual([
      'job-0000001',
      'job-0000002',
    ]);
    expect(await world.row('B', 'same')).toMatchObject({ status: 'planned' });
  });

  it('by a yes to a question, in the session that it was asked in', async () => {
    world = await toyBot();
    await world.ask('session new A metric=value/loss mode=min');
    const question = await world.ask('sweep toy learning_rate=0.001..0.1 points=2');
    await world.ask('session new B metric=value/loss mode=min');
    await world.press(buttonsOf(question).find(({ command }) => command === 'confirm')!);
    expect((await world.rows('A')).size).toBe(2);
    expect((await world.rows('B')).size).toBe(0);
  });
});
