import { afterEach, describe, expect, it } from 'vitest';
import type { LaunchResult } from '../../src/core/queue.ts';
import { createWaitingLaunches } from '../../src/store/waiting-launches.ts';
import { eventually } from '../helpers.ts';
import { ADA, BOB, CLAUDE, EVE, type Settings, type ToyBot, toyBot } from '../toy-bot.ts';

const IN_MAIN = { settings: { session: { name: 'main' } } };
let toy: ToyBot;
afterEach(() => toy.stop());

const status = (jobId: string) => toy.queue.snapshot()!.jobs.get(jobId)?.status;
const open = () => createWaitingLaunches(toy.bot().app.parts.db, Date.now).open();
const thread = async (jobId: string) => (await toy.thread(jobId)).map(({ text }) => text);
const takenBack = async (jobId: string) =>
  (await thread(jobId)).filter((text) => text.includes('taken back by') || text.includes('took that back'));

/** A launcher that waits until it is let go on. */
function holding() {
  let isHeld = true;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    hold: () => {
      isHeld = true;
    },
    pass: () => {
      isHeld = false;
    },
    release,
    launcher:
      (launch: (...asked: never[]) => Promise<LaunchResult>) =>
      async (...asked: unknown[]) => {
        if (isHeld) await held;
        return launch(...(asked as never[]));
      },
  };
}

describe('a launch that waits is taken back', () => {
  it('by cancel, with its plan, which is told in the thread of the job, as by superseding the plan', async () => {
    toy = await toyBot(IN_MAIN);
    const job = await toy.running(3);
    await toy.said(`queue toy after=${job.jobId} hypothesis="slower"`);
    expect(await toy.said(`queue toy after=${job.jobId} hypothesis="slower"`)).toContain(
      'cancel plan-2" takes it back',
    );
    expect(await toy.said('cancel plan-1', BOB)).toMatch(
      /^Taken back: plan-1 \(toy\) does not start after job-0000001\. "\/xax experiment restore plan-1"/,
    );
    expect(await toy.said('experiment supersede plan-2', BOB)).toBe(
      'Superseded plan-2. The launch that waited is taken back.',
    );
    expect(open()).toEqual([]);
    expect(await takenBack(job.jobId)).toEqual([
      'plan-1 (toy, of Ada), which was to start after job-0000001, was taken back by Bob.',
      'plan-2 (toy, of Ada), which was to start after job-0000001, was taken back by Bob.',
    ]);
    const [first, second] = await Promise.all(['plan-1', 'plan-2'].map((id) => toy.row('main', id)));
    const both = { status: 'superseded', next_action: '', hypothesis: 'slower' };
    expect([first, second]).toMatchObject([both, both]);
    expect(await toy.said('cancel plan-1')).toMatch(/plan-1 was taken back before\..*Nothing was changed/s);
    await toy.heardOfEnd(job.jobId);
    await toy.bot().app.settled();
    expect(toy.jobs()).toBe(1);
    await toy.said('experiment restore plan-1');
    expect(await toy.said('queue experiment=plan-1')).toMatch(/^Queued job-0000002 as plan-1/);
    expect(await toy.audit()).toContainEqual({
      person: 'bob',
      command: 'cancel',
      outcome: 'done',
      approved_by: null,
    });
  });

  it('superseded by another, which its row says in the place of what it waited for', async () => {
    toy = await toyBot(IN_MAIN);
    const job = await toy.running();
    await toy.said(`queue toy after=${job.jobId}`);
    await toy.said('hypothesis add "it is better" name=better');
    await toy.said('experiment supersede plan-1 by=better');
    expect((await toy.row('main', 'plan-1'))!.next_action).toBe('superseded by better');
  });

  it('by whoever asked for it, whatever their role, and by operators', async () => {
    toy = await toyBot(IN_MAIN);
    const job = await toy.running();
    await toy.said(`queue toy after=${job.jobId}`, BOB);
    await toy.said(`queue toy after=${job.jobId}`);
    const viewers: Settings = { ...IN_MAIN.settings, people: { bob: { role: 'viewer' } } };
    await toy.restart({ settings: viewers });
    const bob = { ...BOB, role: 'viewer' as const };
    expect(await toy.said('cancel plan-1', EVE)).toMatch(/cancel needs the role operator/);
    expect(await toy.said('cancel plan-2', bob)).toMatch(/enough for your own jobs only/);
    expect(await toy.said('cancel plan-1', bob)).toMatch(/^Taken back/);
    expect(await toy.said('cancel plan-2')).toMatch(/^Taken back/);
    expect(open()).toEqual([]);
  });

  it('named by what completes it, by its session from elsewhere, and in the thread of another job', async () => {
    toy = await toyBot(IN_MAIN);
    const job = await toy.running();
    await toy.said(`queue toy after=${job.jobId} name=mine`);
    const completions = await toy
      .bot()
      .app.handlers.complete({ adapter: 'web', channel: 'queue', person: ADA }, 'cancel m');
    expect(completions).toContainEqual({
      insert: 'mine',
      label: 'mine',
      description: 'toy by Ada, starts when job-0000001 has completed',
    });
    await toy.said('session new other');
    const elsewhere = await toy
      .bot()
      .app.handlers.complete({ adapter: 'web', channel: 'queue', person: ADA }, 'cancel m');
    expect(elsewhere.map(({ insert }) => insert)).toContain('main/mine');
    await toy.said(`queue toy after=${job.jobId} name=mine`);
    expect(await toy.said('cancel main/mine')).toMatch(/^Taken back: mine/);
    expect(open()).toMatchObject([{ experimentId: 'mine', session: 2 }]);
    expect(await toy.said('cancel mine')).toMatch(/^Taken back: mine/);
    await toy.said(`queue toy after=${job.jobId}`);
    const [card] = (await toy.channel()).filter(({ text }) => text.includes(job.jobId));
    expect(await toy.said('cancel plan-1', ADA, { thread: { channel: 'queue', id: `${card!.id}` } })).toMatch(
      /^Taken back: plan-1/,
    );
    expect(await toy.said('cancel mine')).toMatch(/mine was taken back before/);
    await toy.said('hypothesis add "it idles" name=idle');
    expect(await toy.said('cancel idle')).toMatch(/idle has no job yet: it is only planned/);
  });

  it('by an agent once somebody approves it, and not where it has begun by then', async () => {
    const held = holding();
    toy = await toyBot({ ...IN_MAIN, launcher: held.launcher as never });
    held.pass();
    const job = await toy.running(4);
    await toy.said(`queue toy after=${job.jobId}`);
    await toy.said(`queue toy after=${job.jobId}`);
    const proposed = async (line: string) =>
      ((await toy.ask(line, CLAUDE)).data as { proposal: number }).proposal;
    const first = await proposed('cancel plan-1');
    const second = await proposed('cancel plan-2');
    expect(await toy.said(`proposals ${first}`)).toContain('main/plan-1');
    expect(open()).toHaveLength(2);
    await toy.said(`approve ${first}`);
    expect(await takenBack(job.jobId)).toEqual([
      expect.stringMatching(/^plan-1 .* was taken back by Claude, approved by Ada\.$/),
    ]);
    await eventually('the other is launched', () => toy.jobs() === 2);
    await toy.bot().app.settled();
    expect(await toy.said(`approve ${second}`)).toMatch(
      /plan-2 waits no more: it was launched as job-0000002 when job-0000001 had ended\..*Nothing was changed/s,
    );
    expect(status('job-0000002')).not.toBe('cancelled');
  });
});

describe('a launch that is taken back as its job ends', () => {
  it('has begun and is not taken back, or is and does not begin', async () => {
    const held = holding();
    toy = await toyBot({ ...IN_MAIN, launcher: held.launcher as never });
    const job = await toy.running(3);
    await toy.said(`queue toy after=${job.jobId}`);
    await toy.said(`queue toy after=${job.jobId}`);
    await eventually('the first has begun', () => open().length === 1);
    expect(await toy.said('status')).toMatch(/plan-2/);
    expect(await toy.said('cancel plan-1')).toMatch(
      /^plan-1 waits no more: it was launched when job-0000001 had ended\./,
    );
    expect(await toy.said('cancel plan-2')).toMatch(/^Taken back: plan-2/);
    held.release();
    await eventually('the first is launched', () => toy.jobs() === 2);
    await toy.bot().app.settled();
    const said = await thread(job.jobId);
    expect(said.filter((text) => text.startsWith('plan-2'))).toEqual([
      'plan-2 (toy, of Ada), which was to start after job-0000001, was taken back by Ada.',
    ]);
    expect(said.filter((text) => /plan-1.*(is not|taken back)/.test(text))).toEqual([]);
    await toy.restart();
    await toy.bot().app.settled();
    expect(toy.jobs()).toBe(2);
  });

  it('as one of two who cancel it: one has, and the other hears that it was', async () => {
    toy = await toyBot(IN_MAIN);
    const job = await toy.running();
    await toy.said(`queue toy after=${job.jobId}`);
    const said = await Promise.all([toy.said('cancel plan-1'), toy.said('cancel plan-1', BOB)]);
    expect(said.filter((text) => text.startsWith('Taken back'))).toHaveLength(1);
    expect(said.filter((text) => text.includes('plan-1 was taken back before'))).toHaveLength(1);
    expect(await takenBack(job.jobId)).toHaveLength(1);
  });

  it('and repeats a run: by the job that it repeats', async () => {
    const held = holding();
    const words: Record<string, string> = {};
    toy = await toyBot({
      settings: { presets: { toy: { retry: { on: ['preempted'], most: 2 } } } },
      launchedSeconds: 600,
      launcher: held.launcher as never,
      asTold: (job) =>
        job.status === 'failed' && words[job.jobId]
          ? { ...job, scheduler: { state: words[job.jobId]!, reason: null } }
          : job,
    });
    const preempt = async (jobId: string) => {
      await eventually('it runs', () => status(jobId) === 'running');
      await toy.bot().app.settled();
      words[jobId] = 'PREEMPTED';
      await toy.queue.kill(toy.queue.snapshot()!.jobs.get(jobId)!, { graceMs: 10 });
      await eventually('it ends', () => status(jobId) === 'failed');
    };
    held.pass();
    await toy.said('queue toy');
    await toy.said('queue toy');
    held.hold();
    await preempt('job-0000001');
    await preempt('job-0000002');
    await eventually('the second waits for the first', () => open().length === 1);
    expect(await toy.said('jobs')).toMatch(/retry of job-0000002\s+toy\s+Ada\s+next, as it was preempted/);
    expect(await toy.said('job 2')).toMatch(/then: toy again, by Ada/);
    expect(await toy.said('cancel 1')).toMatch(/job-0000001 is failed, not waiting/);
    expect(await toy.said('cancel 2')).toBe('Taken back: job-0000002 is not queued again.');
    held.release();
    await eventually('the first is queued again', () => toy.jobs() === 3);
    await toy.bot().app.settled();
    expect(await takenBack('job-0000002')).toEqual([
      'It was preempted, and it is not queued again: Ada took that back.',
    ]);
    expect(toy.jobs()).toBe(3);
  });
});
