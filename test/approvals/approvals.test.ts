import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Proposal } from '../../src/core/proposal.ts';
import { eventually } from '../helpers.ts';
import { BOB, CLAUDE, EVE, type Said, type ToyBot, toyBot, WITH_OPTIMIZER, words } from '../toy-bot.ts';

const numberOf = (reply: { data?: unknown }) => (reply.data as { proposal: number }).proposal;
const button = (said: Said | undefined, label: string) =>
  said!.buttons.find((each) => each.label === label) ?? expect.fail(`no button ${label}`);

describe('what an agent wants changed', () => {
  let world: ToyBot;
  const known = async (id: number) =>
    ((await world.ask(`proposals ${id}`, CLAUDE)).data as { one: Proposal }).one;
  const asked = async (id: number) =>
    (await world.sessionThread()).find(({ text }) => text.includes(`(proposal ${id})`));

  beforeAll(async () => {
    world = await toyBot({
      settings: { ...WITH_OPTIMIZER, agents: { may_propose: [] } },
      launchedSeconds: 60,
    });
  });
  afterAll(() => world.stop());
  afterEach(() => world.clear());

  it('is read, planned and noted without asking anybody', async () => {
    const job = await world.enqueue(0.05);
    for (const line of [
      'status',
      `job ${job.jobId}`,
      'hypothesis add "wider is better" name=wide',
      `note ${job.jobId} seen`,
    ]) {
      expect([line, (await world.ask(line, CLAUDE)).ok]).toEqual([line, true]);
    }
    expect(((await world.ask('proposals', CLAUDE)).data as { list: unknown[] }).list).toEqual([]);
  });

  it("is asked in the session's thread with everything that would be passed, and runs when an operator approves", async () => {
    const before = world.queue.journal().length;
    const reply = await world.ask('queue toy optimizer=sgd experiment=wide', CLAUDE);
    expect(reply).toMatchObject({ ok: true, data: { state: 'waiting', proposal: 1 } });
    const post = await asked(1);
    expect(post!.text).toMatch(
      /Claude proposes queue[\s\S]*preset: toy\nexperiment: wide\nsetting learning_rate: 0.01\nsetting optimizer: sgd\nhypothesis of wide: wider is better\nin session: experiment-[\d-]+\n[\s\S]*An operator decides: @Ada, @Bob\. If nobody has within 1 h/,
    );
    expect(world.queue.journal().length).toBe(before);

    expect((await world.press(button(post, 'Approve'), EVE)).errorCode).toBe('not-allowed');
    expect((await world.press(button(post, 'Approve'), CLAUDE)).errorCode).toBe('not-for-agents');
    expect((await known(1)).state).toBe('waiting');

    const approved = await world.press(button(post, 'Approve'), BOB);
    expect([approved.ok, words(approved)]).toEqual([
      true,
      expect.stringMatching(/approved by Bob[\s\S]*Queued job-/),
    ]);
    const { jobId } = (await known(1)).result as { jobId: string };
    const job = (await world.ask(`job ${jobId}`, EVE)).data as {
      facts: { job: { owner: string } };
      experiment: { hypothesis: string };
    };
    expect(job).toMatchObject({
      facts: { job: { owner: 'Claude' } },
      experiment: { hypothesis: 'wider is better' },
    });
    expect((await world.channel()).map(({ text }) => text)).toContainEqual(
      expect.stringMatching(
        /Claude proposes queue \(proposal 1\), in the thread of the session \S+: \/xax approve 1/,
      ),
    );
    expect(
      (await world.sessionThread()).filter(({ text }) =>
        /Proposal 1 of Claude, queue, was approved by Bob/.test(text),
      ),
    ).toHaveLength(1);
    expect(world.audit()).toContainEqual({
      person: 'claude',
      command: 'queue',
      outcome: 'done',
      approved_by: 'bob',
    });
    expect(world.audit()).toContainEqual({
      person: 'bob',
      command: 'approve',
      outcome: 'done',
      approved_by: null,
    });
  });

  it('is decided once: the second of two people is told who was first, and nothing runs again', async () => {
    const id = numberOf(await world.ask('queue toy learning_rate=0.02', CLAUDE));
    const post = await asked(id);
    const before = world.queue.journal().filter(({ event }) => event === 'enqueued').length;
    const replies = await Promise.all([
      world.press(button(post, 'Approve'), BOB),
      world.press(button(post, 'Approve')),
      world.press(button(post, 'Deny')),
    ]);
    expect(replies.map(({ ok }) => ok)).toEqual([true, false, false]);
    expect(words(replies[1]!)).toMatch(/was approved by Bob and is running\. It was already decided/);
    expect(world.queue.journal().filter(({ event }) => event === 'enqueued').length).toBe(before + 1);
    expect(words(await world.press(button(post, 'Approve')))).toMatch(/was approved by Bob and is done/);
  });

  it('about a job is asked in its thread, and stays about that job whatever comes after it', async () => {
    const running = await world.enqueue(600);
    await eventually('running', () => world.queue.snapshot()!.running.includes(running.jobId));
    const job = await world.enqueue(600);
    const id = numberOf(await world.ask('cancel last', CLAUDE));
    const newer = await world.enqueue(600);
    const post = (await world.thread(job.jobId)).find(({ text }) => text.includes('Claude proposes cancel'));
    expect(post!.text).toContain(`job: g1/${job.jobId}@${job.enqueuedAt}`);
    await world.press(button(post, 'Approve'), BOB);
    const status = (jobId: string) => world.queue.snapshot()!.jobs.get(jobId)!.status;
    expect([status(job.jobId), status(newer.jobId)]).toEqual(['cancelled', 'queued']);
    expect((await world.thread(job.jobId)).map(({ text }) => text)).toContainEqual(
      expect.stringMatching(new RegExp(`Proposal ${id} of Claude, cancel, was approved by Bob and is done`)),
    );
  });

  it('that is no longer true when it is approved changes nothing, and says so', async () => {
    await world.enqueue(600);
    const job = await world.enqueue(600);
    const id = numberOf(await world.ask(`move ${job.jobId} 1`, CLAUDE));
    await world.ask(`cancel ${job.jobId}`, BOB);
    const reply = await world.ask(`approve ${id}`, BOB);
    expect([reply.ok, words(reply)]).toEqual([
      false,
      expect.stringMatching(/could not be done[\s\S]*Nothing was changed: job-\d+ is cancelled, not waiting/),
    ]);
    expect((await known(id)).state).toBe('refused');
  });

  it('may be denied, with a reason that the agent is told', async () => {
    const id = numberOf(await world.ask('queue toy learning_rate=0.5', CLAUDE));
    expect(button(await asked(id), 'Deny with a reason')).toMatchObject({ form: true, command: 'deny' });
    const denied = await world.ask(`deny ${id} that was tried last week`, BOB);
    expect([denied.ok, words(denied)]).toEqual([
      true,
      expect.stringContaining('denied by Bob: that was tried'),
    ]);
    expect(await known(id)).toMatchObject({
      state: 'denied',
      reason: 'that was tried last week',
      decidedBy: { id: 'bob' },
    });
    expect((await world.ask(`approve ${id}`, BOB)).errorCode).toBe('proposal-closed');
    const after = await asked(id);
    expect([after!.buttons, after!.text]).toEqual([
      [],
      expect.stringMatching(/learning_rate: 0\.5[\s\S]*It was denied by Bob: that was tried last week/),
    ]);
  });

  it('that could never be done is refused at once, and bothers nobody', async () => {
    const before = [await world.channel(), await world.sessionThread()].map(({ length }) => length);
    const cases: [string, RegExp][] = [
      ['queue tooy', /no preset "tooy"/],
      ['queue toy learning_rate=7', /accepted: a number from 0 to 1/],
      ['queue toy position=99', /past the end/],
      ['queue toy parent=nobody', /no experiment "nobody"/],
      ['cancel 1', /job-0000001 is (completed|cancelled|failed), not waiting/],
      ['move 4711 1', /no job "4711"/],
      ['retry 1', /not launched from a preset/],
      ['redact 999', /no note 999/],
      ['watch add above', /value is missing: above what/],
      ['watch add abov 5', /rule is "abov"/],
      ['watch remove nosuch', /no watch "nosuch"/],
      ['watch mute nosuch', /no watch "nosuch"/],
      ['watch unmute all', /all is not muted/],
      ['notnow tooy reason="no"', /no preset "tooy"/],
      ['verdict 1 refuted no', /Someone already wrote: "confirmed: fine"/],
    ];
    await world.ask('verdict 1 confirmed fine', BOB);
    for (const [line, expected] of cases) {
      const reply = await world.ask(line, CLAUDE);
      expect([line, reply.ok, words(reply)]).toEqual([line, false, expect.stringMatching(expected)]);
    }
    expect([await world.channel(), await world.sessionThread()].map(({ length }) => length)).toEqual(before);
  });

  it('is one proposal however often it is asked while it waits', async () => {
    const first = numberOf(await world.ask('queue toy learning_rate=0.25', CLAUDE));
    expect(numberOf(await world.ask('queue toy learning_rate=0.25', CLAUDE))).toBe(first);
    expect(numberOf(await world.ask('queue toy learning_rate=0.26', CLAUDE))).toBe(first + 1);
    for (const id of [first, first + 1]) await world.ask(`deny ${id}`, BOB);
  });

  it('is as much as people can read: the twenty-first has to wait', async () => {
    const ids: number[] = [];
    for (let each = 0; each < 20; each += 1)
      ids.push(numberOf(await world.ask(`queue toy learning_rate=0.3${each}`, CLAUDE)));
    expect((await world.ask('queue toy learning_rate=0.9', CLAUDE)).errorCode).toBe('too-many-proposals');
    for (const id of ids) await world.ask(`deny ${id}`, BOB);
  });

  it('is a proposal too where a command needs an operator for some of its options only', async () => {
    expect((await world.ask('watch list', CLAUDE)).ok).toBe(true);
    const id = numberOf(await world.ask('watch add above value/loss 5 name=high', CLAUDE));
    const names = async () =>
      ((await world.ask('watch list', EVE)).data as { rules: { rule: { name: string } }[] }).rules.map(
        ({ rule }) => rule.name,
      );
    expect(await names()).not.toContain('high');
    expect((await world.ask(`approve ${id}`, BOB)).ok).toBe(true);
    expect(await names()).toContain('high');
  });

  it('is never a kill, a link, or a decision on its own proposals', async () => {
    const job = await world.enqueue(600);
    await eventually('running', () => world.queue.snapshot()!.running.includes(job.jobId));
    for (const line of ['kill running', 'approve 1', 'deny 1', 'link', 'subscribe']) {
      const reply = await world.ask(line, CLAUDE, { preconfirmed: true });
      expect([line, reply.ok, reply.errorCode]).toEqual([line, false, 'not-for-agents']);
    }
    expect(words(await world.ask('kill running', CLAUDE))).toMatch(/may_propose/);
    expect(world.queue.snapshot()!.running).toHaveLength(1);
  });

  it("needs the approver's own right: what only an admin may do is approved by an admin", async () => {
    const job = await world.enqueue(0.05);
    const { id: note } = (await world.ask(`note ${job.jobId} not for everybody`, BOB)).data as { id: number };
    const first = numberOf(await world.ask(`redact ${note}`, CLAUDE));
    const reply = await world.ask(`approve ${first}`, BOB);
    expect([reply.ok, words(reply)]).toEqual([false, expect.stringMatching(/redact needs the role admin/)]);
    expect((await known(first)).state).toBe('waiting');
    expect((await world.ask(`approve ${first}`)).ok).toBe(true);
  });

  it('hides what has the form of a secret from the chat, and from what is kept', async () => {
    const secret = `ghp_${'a1'.repeat(15)}`;
    const id = numberOf(await world.ask(`queue toy learning_rate=0.77 hypothesis="see ${secret}"`, CLAUDE));
    const post = await asked(id);
    expect(post!.text).toMatch(/see \(hidden\)\n/);
    expect(post!.text).not.toContain(secret);
    await world.ask(`deny ${id} ${secret}`, BOB);
    const said = [...(await world.channel()), ...(await world.sessionThread())];
    expect(said.map(({ text }) => text).join('\n')).not.toContain(secret);
  });
});

describe('a proposal about a job that no channel tells of', () => {
  it("is asked in the session's thread, so that somebody sees it", async () => {
    const channels = [{ id: 'queue', tasks: ['another.task'] }];
    const world = await toyBot({ settings: { channels }, launchedSeconds: 60 });
    await world.enqueue(600);
    const job = await world.enqueue(600);
    await world.ask(`cancel ${job.jobId}`, CLAUDE);
    const post = (await world.sessionThread()).find(({ text }) => text.includes('Claude proposes cancel'));
    expect((await world.press(button(post, 'Approve'), BOB)).ok).toBe(true);
    expect(world.queue.snapshot()!.jobs.get(job.jobId)!.status).toBe('cancelled');
    await world.clear();
    await world.stop();
  });
});
