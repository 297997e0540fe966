import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';
import type { QueueWith } from '../../src/core/queue.ts';
import { createLaunchStore } from '../../src/store/launches.ts';
import { eventually } from '../helpers.ts';
import { ADA, BOB, buttonsOf, CLAUDE, type ToyBot, toyBot } from '../toy-bot.ts';

type Launch = QueueWith<'launch'>['launch'];

let world: ToyBot;
afterEach(() => world.stop());

/** A launcher that goes on for a while after the queue has taken its job. */
function slowLauncher() {
  const gate = { open: Promise.resolve() as Promise<void>, release: () => {} };
  const hold = () => {
    gate.open = new Promise((resolve) => {
      gate.release = resolve;
    });
  };
  const launcher =
    (launch: Launch): Launch =>
    async (...asked) => {
      const result = await launch(...asked);
      await gate.open;
      return result;
    };
  return { launcher, hold, release: () => gate.release() };
}

describe('a launch from chat', () => {
  it('is refused before anything is started where its parent cannot be one', async () => {
    world = await toyBot();
    await world.ask('plan toy hypothesis="a" name=first');
    await world.ask('plan toy hypothesis="b" name=second parent=first');
    for (const [words, why] of [
      ['queue experiment=first parent=second', /second cannot be the parent: it follows first itself/],
      ['queue experiment=first parent=first', /first cannot be its own parent/],
      ['queue experiment=first parent=nobody', /no experiment "nobody"\. Nearest: /],
      ['queue toy name=third parent=nobody', /no experiment "nobody"/],
      ['queue toy name=third position=9', /past the end/],
      ['queue toy name=job-0000001', /cannot name an experiment/],
      ['queue experiment=nobody', /no experiment "nobody"\. Nearest: /],
      ['queue experiment=first name=other', /first already has a name/],
    ] as const)
      expect(await world.said(words)).toMatch(why);
    expect(world.jobs()).toBe(0);
    expect(await world.said('experiment show third')).toMatch(/no experiment "third"/);
  });

  it('gives the run what was typed, and shows it so', async () => {
    const more = { note: { type: 'text' }, augment: { type: 'choice', choices: ['off', 'light'] } };
    world = await toyBot({ settings: { presets: { toy: { options: more, allow_extra: ['seed'] } } } });
    await world.ask('session new name=typed');
    const queued = await world.ask(`queue toy augment=off note="1.10 #a: 'b'" seed=7`);
    expect(plainText(queued.message)).toContain(`note="1.10 #a: 'b'" augment=off seed=7`);
    const { jobId } = queued.data as { jobId: string };
    const { runDir } = world.queue.snapshot()!.jobs.get(jobId)!;
    const config = readFileSync(join(runDir, 'config.yaml'), 'utf8');
    expect(config).toContain("augment: 'off'\n");
    expect(config).toContain("note: '1.10 #a: ''b'''\n");
    expect((await world.rows('typed')).get(jobId)?.command).toBe(
      `python -m examples.toy --launcher queued learning_rate=0.01 note="'1.10 #a: ''b'''" augment="'off'" seed=7`,
    );
    const again = await world.ask(`retry ${jobId} note=null`);
    expect(again.data).toMatchObject({ state: 'queued', assignments: { augment: 'off', note: 'null' } });
    expect(await world.said(`retry ${jobId} seed=null`)).toMatch(/seed is "null", which YAML reads as null/);
    expect(await world.said('plan toy hypothesis=h seed=[1]')).toMatch(
      /seed is "\[1\]", which YAML reads as/,
    );
    expect(await world.said('sweep toy learning_rate=0.1,0.2 seed=010')).toMatch(/seed is "010"/);
    expect(world.jobs()).toBe(2);
  });

  it('is queued, whatever could not be written of it afterwards', async () => {
    const slow = slowLauncher();
    world = await toyBot({ launcher: slow.launcher });
    await world.ask('plan toy hypothesis="a" name=first');
    await world.ask('plan toy hypothesis="b" name=second');
    slow.hold();
    const launch = world.ask('queue experiment=first parent=second');
    await eventually('the job', () => world.jobs() === 1);
    await world.ask('experiment edit second parent=first');
    slow.release();
    const reply = await launch;
    expect(reply).toMatchObject({
      ok: true,
      data: { state: 'queued', jobId: 'job-0000001', experimentId: 'first' },
    });
    expect(reply.data).toMatchObject({
      trouble: expect.stringMatching(/its parent could not be written: second cannot be the parent/),
    });
    expect(await world.said('experiment list')).not.toMatch(/plan-/);
    expect(await world.said('experiment show first')).toMatch(/queue_job_id: job-0000001/);
  });

  it('says which experiment it has become, and whose it is', async () => {
    world = await toyBot();
    expect(await world.said('queue toy name=base expected="below 1"', BOB)).toMatch(
      /^Queued job-0000001 as base: toy/,
    );
    expect(await world.said('queue toy learning_rate=0.02 hypothesis="h" expected="above 1"', BOB)).toMatch(
      /^Queued job-0000002: toy/,
    );
    const { name } = ((await world.ask('session')).data as { session: { name: string } }).session;
    const rows = await world.rows(name);
    expect(rows.get('base')).toMatchObject({ owner: 'Bob', notes: 'expected: below 1' });
    expect(rows.get('job-0000002')).toMatchObject({
      owner: 'Bob',
      notes: 'expected: above 1',
      hypothesis: 'h',
    });
  });

  it('is made once: who comes second is told who was first', async () => {
    const slow = slowLauncher();
    world = await toyBot({ launcher: slow.launcher });
    await world.ask('plan toy hypothesis="a" name=base');
    slow.hold();
    const first = world.ask('queue experiment=base');
    const second = await world.said('queue experiment=base', BOB);
    expect(second).toMatch(/base is already being launched, by Ada, \d s ago/);
    slow.release();
    expect((await first).ok).toBe(true);
    expect(world.jobs()).toBe(1);
    expect(await world.said('queue experiment=base', BOB)).toMatch(
      /base is (queued|running|completed), not planned/,
    );
  });

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

  it('does not write over what was planned unless that is asked for', async () => {
    world = await toyBot();
    await world.ask('session new s');
    await world.ask('plan toy hypothesis="the plan" expected="below 1" name=base');
    expect(await world.said('queue experiment=base hypothesis="another"')).toMatch(
      /planned with hypothesis "the plan"\. Add replace=true/,
    );
    expect(await world.said('queue experiment=base expected="above 1"')).toMatch(
      /planned with expected "below 1"/,
    );
    expect(world.jobs()).toBe(0);
    await world.ask('queue experiment=base hypothesis="another" expected="above 1" replace=true');
    const row = await world.row('s', 'base');
    expect(row?.hypothesis).toBe('another');
    expect(row?.notes.split('\n')).toEqual([
      'expected: above 1',
      'Ada: hypothesis before: the plan',
      'Ada: expected before: below 1',
    ]);
  });

  it('that came to nothing keeps a plan that can be launched', async () => {
    world = await toyBot();
    await world.ask('session new s');
    const { app } = world.bot();
    const where = { adapter: 'web', channel: 'queue', person: ADA, preconfirmed: true };
    await app.handlers.invoke({ ...where, input: { kind: 'text', words: 'observer stop' } }, async () => {});
    expect(await world.said('queue toy learning_rate=0.02 hypothesis="h" expected="e"')).toMatch(
      /Not queued: toy learning_rate=0\.02\. no queue observer is active.* It is kept as plan-1: "\/xax queue experiment=plan-1" launches it/,
    );
    await app.handlers.invoke({ ...where, input: { kind: 'text', words: 'observer start' } }, async () => {});
    expect(await world.said('queue experiment=plan-1')).toMatch(
      /^Queued job-0000001 as plan-1: toy learning_rate=0\.02/,
    );
    expect(await world.row('s', 'plan-1')).toMatchObject({ hypothesis: 'h', notes: 'expected: e' });
  });

  it('finds its experiment later where the queue does not show the job at once', async () => {
    let runDir = '';
    world = await toyBot({
      launcher: () => async () => ({ done: true, job: { jobId: 'job-0000001', enqueuedAt: null, runDir } }),
    });
    runDir = join(world.folder, 'runs/run_001');
    await world.ask('session new s');
    await world.ask('plan toy hypothesis="h" name=base');
    const reply = await world.ask('queue experiment=base');
    expect(reply).toMatchObject({
      ok: true,
      data: { state: 'queued', trouble: expect.stringMatching(/does not show it yet/) },
    });
    expect(await world.said('queue experiment=base', BOB)).toMatch(/is already being launched, by Ada/);
    world.queue.enqueue({ taskKey: 'any.Task', settings: {}, steps: 1, seconds: 60, fate: 'completes' });
    await eventually('its row', async () => (await world.row('s', 'base'))?.queue_job_id === 'job-0000001');
  });

  it('advises on what is no longer a plan', async () => {
    world = await toyBot({ launchedSeconds: 60 });
    await world.ask('queue toy name=runs');
    await world.ask('queue toy name=waits');
    await world.ask('cancel 2');
    expect(await world.said('queue experiment=waits')).toMatch(
      /waits is cancelled, not planned\. Queue it again with "\/xax retry job-0000002"/,
    );
    await world.ask('plan toy hypothesis="h" name=idea');
    await world.ask('experiment supersede idea');
    expect(await world.said('queue experiment=idea')).toMatch(/superseded.*"\/xax experiment restore idea"/);
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
