import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';
import { eventually } from '../helpers.ts';
import { ADA, BOB, type ToyBot, toyBot } from '../toy-bot.ts';
import { slowLauncher } from './slow-launcher.ts';

let world: ToyBot;
afterEach(() => world.stop());

describe('a launch from chat', () => {
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
});
