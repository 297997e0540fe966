import { describe, expect, it } from 'vitest';
import type { Perform } from '../../src/approvals/perform.ts';
import { createApprovals } from '../../src/approvals/service.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createProposalStore } from '../../src/store/approvals.ts';
import { openDb } from '../../src/store/db.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { BOB, CLAUDE, toyBot, words } from '../toy-bot.ts';

const MINUTE = 60_000;
const WANTED = {
  agent: { id: 'claude', name: 'Claude' },
  adapter: 'mcp',
  channel: 'mcp',
  command: 'queue',
  options: { named: { preset: 'toy' }, assignments: { learning_rate: '0.01' } },
  session: 'main',
  question: null,
  details: [],
  job: null,
};
const done: Perform = async () => ({
  message: textMessage('Queued'),
  visibility: 'public',
  ok: true,
  final: true,
});

/** Proposals over a real database, at a time that the test sets. What is said is kept, once a key. */
function house() {
  const folder = temporaryFolder();
  let db = openDb(folder);
  const world = { now: 1_795_446_972_000, said: new Map<string, Message>(), settled: 0 };
  const open = (perform: Perform = done) => {
    const approvals = createApprovals({
      store: createProposalStore(db),
      waitMs: () => 60 * MINUTE,
      mustBeAllowed: () => {},
      standing: { mustStillBe: () => {}, mayBeMade: () => {} },
      show: () => true,
      tell: (key, _proposal, message) => void (world.said.has(key) || world.said.set(key, message)),
      onSettled: () => void world.settled++,
      clock: () => world.now,
      log: quietLog,
    });
    approvals.performBy(perform);
    return approvals;
  };
  return {
    world,
    open,
    /** As after a crash: nothing but the database is left. */
    restart(perform?: Perform) {
      db.close();
      db = openDb(folder);
      return open(perform);
    },
    said: (key: string) => plainText(world.said.get(key) ?? textMessage('')),
  };
}

describe('the time that a proposal has', () => {
  it('ends in a denial, which is said once and to whoever comes too late', async () => {
    const { world, open, said } = house();
    const approvals = open();
    const { id, expiresAt } = approvals.propose(WANTED).proposal;
    expect(expiresAt).toBe(world.now + 60 * MINUTE);
    world.now += 60 * MINUTE - 1;
    approvals.expire();
    expect(approvals.service.get(id)!.state).toBe('waiting');
    world.now += 1;
    await expect(approvals.service.approve(id, BOB, () => {})).rejects.toThrow(
      /Proposal 1 expired: nobody decided within 1 h, which counts as a denial/,
    );
    expect(() => approvals.service.deny(id, BOB, null)).toThrow(/expired/);
    expect(approvals.service.get(id)).toMatchObject({
      state: 'expired',
      decidedBy: null,
      decidedAt: expiresAt,
    });
    expect(said('proposal:1:decided')).toMatch(/expired: nobody decided/);
  });

  it('goes on while the bot is away: its deadline stays, and one that passed meanwhile is denied', async () => {
    const { world, open, restart, said } = house();
    const { id, expiresAt } = open().propose(WANTED).proposal;
    world.now += 20 * MINUTE;
    const second = restart();
    second.recover();
    expect(second.service.get(id)).toMatchObject({ state: 'waiting', expiresAt });
    world.now += 41 * MINUTE;
    const third = restart(() => expect.fail('it must not run'));
    third.recover();
    expect(third.service.get(id)!.state).toBe('expired');
    expect(said('proposal:1:decided')).toMatch(/expired/);
  });

  it('is given anew to what is proposed again after it was decided', () => {
    const { world, open } = house();
    const approvals = open();
    const first = approvals.propose(WANTED).proposal;
    world.now += 10 * MINUTE;
    expect(approvals.propose(WANTED).proposal).toEqual(first);
    approvals.service.deny(first.id, BOB, null);
    expect(approvals.propose(WANTED).proposal).toMatchObject({ id: 2, expiresAt: world.now + 60 * MINUTE });
  });

  it('does not run twice what was under way when the bot ended, and says so', () => {
    const { open, restart, said } = house();
    const approvals = open(() => new Promise<never>(() => {}));
    const { id } = approvals.propose(WANTED).proposal;
    void approvals.service.approve(id, BOB, () => {});
    const next = restart(() => expect.fail('it must not run'));
    next.recover();
    expect(next.service.get(id)!.state).toBe('interrupted');
    expect(said('proposal:1:decided')).toMatch(/approved by Bob, but xaxbot stopped while it was running/);
    expect(() => next.service.deny(id, BOB, null)).toThrow(/xaxbot stopped while/);
  });

  it('is told to whoever waits when it is denied, done or too old, and not before', async () => {
    const { world, open } = house();
    const approvals = open();
    const propose = (learning_rate: string) =>
      approvals.propose({ ...WANTED, options: { named: {}, assignments: { learning_rate } } }).proposal.id;
    const [first, second] = [propose('1'), propose('2'), propose('3')];
    expect(world.settled).toBe(0);
    await approvals.service.approve(first!, BOB, () => {});
    expect(world.settled).toBe(1);
    approvals.service.deny(second!, BOB, null);
    expect(world.settled).toBe(2);
    world.now += 61 * MINUTE;
    approvals.expire();
    approvals.expire();
    expect(world.settled).toBe(3);
  });

  it('is what the settings say, and keeps its end through a restart of the whole bot', async () => {
    const folder = temporaryFolder();
    const first = await toyBot({
      folder,
      settings: { agents: { approval_minutes: 0.05 } },
      launchedSeconds: 60,
    });
    const { proposal } = (await first.ask('queue toy', CLAUDE)).data as { proposal: number };
    expect((await first.sessionThread()).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('within 3 s'),
    );
    await first.stop();
    const second = await toyBot({
      folder,
      settings: { agents: { approval_minutes: 60 } },
      launchedSeconds: 60,
    });
    const state = async () => words(await second.ask(`proposals ${proposal}`, CLAUDE));
    await eventually('expired', async () => /expired/.test(await state()));
    expect((await second.ask(`approve ${proposal}`, BOB)).errorCode).toBe('proposal-closed');
    expect(
      (await second.sessionThread()).filter(({ text }) => /Proposal 1 of Claude, queue, expired/.test(text)),
    ).toHaveLength(1);
    await second.stop();
  });
});

describe('a kill by an agent', () => {
  it('is proposed where the settings name it, asks what a kill asks, and needs one approval', async () => {
    const world = await toyBot({ settings: { agents: { may_propose: ['kill'] } }, launchedSeconds: 60 });
    const job = await world.enqueue(600);
    expect((await world.ask('kill 4711', CLAUDE)).errorCode).toBe('unknown-job');
    await eventually('running', () => world.queue.snapshot()!.running.includes(job.jobId));
    await world.bot().app.settled();
    const waiting = await world.enqueue(600);
    expect((await world.ask(`kill ${waiting.jobId}`, CLAUDE)).errorCode).toBe('not-running');
    expect((await world.ask('kill running', CLAUDE, { preconfirmed: true })).data).toMatchObject({
      state: 'waiting',
    });
    const post = (await world.thread(job.jobId)).find(({ text }) => text.includes('Claude proposes kill'));
    expect(post!.text).toMatch(/Kill job-\d+ ToyRegression[\s\S]*cannot be undone/);
    expect(world.queue.snapshot()!.running).toEqual([job.jobId]);
    const approved = await world.press(post!.buttons.find(({ label }) => label === 'Approve')!, BOB);
    expect(words(approved)).toMatch(/approved by Bob[\s\S]*Killed job-/);
    expect(world.queue.snapshot()!.jobs.get(job.jobId)!.status).toBe('failed');
    await world.bot().app.settled();
    expect(words(await world.ask(`job ${job.jobId}`, BOB))).toContain('killed by Claude');
    await world.stop();
  });
});
