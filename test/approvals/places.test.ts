import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Proposal } from '../../src/core/proposal.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { BOB, CLAUDE, type Said, type ToyBot, toyBot, words } from '../toy-bot.ts';

const numberOf = (reply: { data?: unknown }) => (reply.data as { proposal: number }).proposal;
const texts = (said: readonly Said[]) => said.map(({ text }) => text);
const runs = async (world: ToyBot) => {
  const job = await world.enqueue(600);
  await eventually('running', () => world.queue.snapshot()!.running.includes(job.jobId));
  return job;
};

describe('the session of a proposal', () => {
  let world: ToyBot;
  beforeAll(async () => {
    world = await toyBot({ launchedSeconds: 60 });
  });
  afterAll(() => world.stop());
  const hypotheses = async (session: string) => {
    await world.ask(`session use ${session}`);
    return words(await world.ask('hypothesis list'));
  };

  it('is the one that it was made in, whichever is in use when it is approved', async () => {
    await world.ask('session new one metric=value/loss mode=min');
    await world.ask('hypothesis add "of the first"');
    const id = numberOf(await world.ask('experiment edit plan-1 hypothesis="by Claude"', CLAUDE));
    await world.ask('session new two metric=value/loss mode=min');
    await world.ask('hypothesis add "of the second"');

    const card = (await world.sessionThread('one')).find(({ text }) => text.includes(`(proposal ${id})`));
    expect(card!.text).toMatch(/hypothesis of plan-1: of the first\nin session: one/);
    expect((await world.ask(`approve ${id}`, BOB)).ok).toBe(true);
    expect(await hypotheses('one')).toContain('by Claude');
    expect(await hypotheses('two')).toContain('of the second');
    expect(texts(await world.sessionThread('one'))).toContainEqual(
      expect.stringMatching(/Proposal \d+ of Claude, experiment, was approved by Bob and is done/),
    );
  });

  it('is that of the experiment that it names with its session, and shows what is known of that', async () => {
    await world.ask('session use one');
    await world.ask('plan toy hypothesis="secret why" expected="below one" name=a1');
    await world.ask('session use two');
    const id = numberOf(await world.ask('queue experiment=one/a1', CLAUDE));
    const card = (await world.sessionThread('one')).find(({ text }) => text.includes(`(proposal ${id})`));
    expect(card!.text).toMatch(
      /hypothesis of a1: secret why\nexpected of a1: below one[\s\S]*in session: one/,
    );
    expect((await world.ask(`deny ${id}`, BOB)).ok).toBe(true);
  });

  it('must be open: one that was closed meanwhile is refused, and the proposal may still be denied', async () => {
    await world.ask('session use one');
    const id = numberOf(await world.ask('queue toy', CLAUDE));
    await world.ask('session use two');
    await world.ask('session close one');
    const before = world.queue.journal().length;
    const reply = await world.ask(`approve ${id}`, BOB);
    expect([reply.errorCode, words(reply)]).toEqual([
      'session-closed',
      expect.stringMatching(/session one was closed since/),
    ]);
    expect(world.queue.journal().length).toBe(before);
    expect((await world.ask(`deny ${id}`, BOB)).ok).toBe(true);
    expect(texts(await world.channel())).toContainEqual(expect.stringMatching(/^Session one, closed/));
  });

  it('makes another proposal of the same words', async () => {
    await world.ask('session use two');
    const first = numberOf(await world.ask('queue toy learning_rate=0.1', CLAUDE));
    await world.ask('session new three metric=value/loss mode=min');
    expect(numberOf(await world.ask('queue toy learning_rate=0.1', CLAUDE))).toBe(first + 1);
  });
});

describe('who may still have it', () => {
  it('is asked again when it is approved: a right that was taken back is no right', async () => {
    const folder = temporaryFolder();
    const first = await toyBot({
      folder,
      settings: { agents: { may_propose: ['kill', 'observer'] } },
      launchedSeconds: 60,
    });
    const kill = numberOf(await first.ask(`kill ${(await runs(first)).jobId}`, CLAUDE));
    const queue = numberOf(await first.ask('queue toy', CLAUDE));
    await first.stop();

    const second = await toyBot({ folder, settings: { agents: { may_propose: [] } }, launchedSeconds: 60 });
    expect((await second.ask(`approve ${kill}`)).errorCode).toBe('not-for-agents');
    expect(words(await second.ask(`proposals ${kill}`))).toMatch(/waits for an operator/);
    await second.stop();

    const third = await toyBot({
      folder,
      settings: { people: { claude: { role: 'viewer' } } },
      launchedSeconds: 60,
    });
    expect(words(await third.ask(`approve ${queue}`))).toMatch(/Claude is no longer an agent in xaxbot.yaml/);
    expect((await third.ask(`deny ${queue}`)).ok).toBe(true);
    await third.stop();
  });
});

describe('where a proposal is asked', () => {
  it('is the thread of the job that it would end, also where it names none', async () => {
    const world = await toyBot({ settings: { agents: { may_propose: ['observer'] } }, launchedSeconds: 60 });
    const job = await runs(world);
    const id = numberOf(await world.ask('observer stop', CLAUDE));
    const card = (await world.thread(job.jobId)).find(({ text }) => text.includes(`(proposal ${id})`));
    expect(card!.text).toMatch(/This kills job-\d+/);
    expect(texts(await world.channel()).join('\n')).not.toContain('Claude proposes');
    await world.ask(`approve ${id}`);
    const thread = await world.thread(job.jobId);
    expect(texts(thread)).toContainEqual(
      expect.stringMatching(/Proposal \d+ of Claude, observer, was approved/),
    );
    expect(thread.find(({ text }) => text.includes(`(proposal ${id})`))).toMatchObject({
      buttons: [],
      text: expect.stringMatching(/It was approved by Ada and is done/),
    });
    await world.stop();
  });

  it('is a channel of the session that is for all jobs, not one for some', async () => {
    const channels = [{ id: 'queue' }, { id: 'some', tasks: ['other'] }, { id: 'theirs', owners: ['eve'] }];
    const world = await toyBot({ settings: { channels }, launchedSeconds: 60 });
    await world.ask('queue toy', CLAUDE);
    expect(texts(await world.sessionThread()).join('\n')).toContain('Claude proposes queue');
    for (const channel of ['some', 'theirs'])
      expect(texts(await world.channel(channel)).filter((text) => !text.startsWith('Queue g1'))).toEqual([]);
    await world.stop();
  });

  it('is nowhere where no channel is open: the agent is told that nobody was', async () => {
    const world = await toyBot({ env: { XAXBOT_WEB_PORT: 'off' }, launchedSeconds: 60 });
    const reply = await world.ask('queue toy', CLAUDE);
    expect(reply).toMatchObject({ ok: true, data: { told: false } });
    expect(words(reply)).toMatch(
      /There is no channel to ask in, so nobody was notified[\s\S]*xaxbot approve 1/,
    );
    expect((await world.ask('approve 1', BOB)).ok).toBe(true);
    await world.stop();
  });
});

describe('what whoever decides sees', () => {
  let world: ToyBot;
  beforeAll(async () => {
    world = await toyBot({ launchedSeconds: 60 });
  });
  afterAll(() => world.stop());

  it('is all of a planned run: hypothesis, what is expected, and what it follows', async () => {
    const job = await world.enqueue(0.05);
    await world.ask(
      `plan toy learning_rate=0.2 hypothesis="higher is faster" expected="a loss below 0.1" parent=${job.jobId} name=lr-2`,
      BOB,
    );
    const id = numberOf(await world.ask('queue experiment=lr-2', CLAUDE));
    const card = (await world.sessionThread()).find(({ text }) => text.includes(`(proposal ${id})`));
    expect(card!.text).toMatch(
      new RegExp(
        `hypothesis of lr-2: higher is faster\nexpected of lr-2: a loss below 0.1\nparent of lr-2: ${job.jobId}`,
      ),
    );
  });

  it('tells settings from options, and says of what is hidden that it is passed', async () => {
    const texts = { hypothesis: { type: 'text' }, api_key: { type: 'text' } };
    const other = await toyBot({ settings: { presets: { toy: { options: texts } } }, launchedSeconds: 60 });
    const options = { preset: 'toy' };
    const assignments = { hypothesis: 'approved by Ada', api_key: 'hunter2' };
    const input = { kind: 'options' as const, command: 'queue', options, assignments };
    const place = { adapter: 'mcp', channel: 'mcp', person: CLAUDE };
    await other.bot().app.handlers.invoke({ ...place, input }, async () => {});
    const card = (await other.sessionThread()).find(({ text }) => text.includes('(proposal 1)'));
    expect(card!.text).toMatch(/\nsetting hypothesis: approved by Ada\n/);
    expect(card!.text).toMatch(/\nsetting api_key: \(hidden\) \(partly hidden here, but passed as given\)\n/);
    expect(card!.text).not.toContain('hunter2');
    await other.stop();
  });
});

describe('what an agent does by itself', () => {
  it('is told in the thread of its job, else of its session, once, where its answer is not seen', async () => {
    const world = await toyBot({ launchedSeconds: 60 });
    const job = await world.enqueue(0.05);
    const asAgent = async (command: string, options: Record<string, string>) => {
      const input = { kind: 'options' as const, command, options };
      await world
        .bot()
        .app.handlers.invoke({ adapter: 'mcp', channel: 'mcp', person: CLAUDE, input }, async () => {});
    };
    await asAgent('note', { job: job.jobId, text: `the loss jumps, see ghp_${'a1'.repeat(15)}` });
    await asAgent('hypothesis', { action: 'add', text: 'wider is better', name: 'wide' });
    await asAgent('hypothesis', { action: 'list' });
    await asAgent('status', {});
    expect(texts(await world.thread(job.jobId)).filter((text) => text.includes('Claude did this'))).toEqual([
      expect.stringMatching(/on its own: note\s+job-\d+: note by Claude: the loss jumps, see \(hidden\)/),
    ]);
    expect(texts(await world.sessionThread()).filter((text) => text.includes('Claude did this'))).toEqual([
      expect.stringMatching(/on its own: hypothesis\s+Hypothesis of wide: wider is better/),
    ]);
    await world.ask(`note ${job.jobId} in the channel itself`, CLAUDE);
    expect(texts(await world.thread(job.jobId)).join('\n')).not.toContain('in the channel itself');
    await world.stop();
  });
});

describe('a proposal that was made before cards', () => {
  it('keeps its words and has no session', async () => {
    const world = await toyBot({ launchedSeconds: 60 });
    const id = numberOf(await world.ask('queue toy', CLAUDE));
    world.bot().app.parts.db.prepare('UPDATE proposals SET session = NULL').run();
    expect((await world.ask(`approve ${id}`, BOB)).ok).toBe(true);
    const { one } = (await world.ask(`proposals ${id}`, BOB)).data as { one: Proposal };
    expect(one).toMatchObject({ state: 'done', session: null });
    await world.stop();
  });
});
