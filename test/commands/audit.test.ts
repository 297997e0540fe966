import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/core/services/audit.ts';
import { eventually } from '../helpers.ts';
import { ADA, BOB, CLAUDE, EVE, type ToyBot, toyBot, words } from '../toy-bot.ts';

type Told = { entries: (AuditEntry & { name: string; words: string })[]; next: number | null };

describe('the audit', () => {
  let world: ToyBot;
  beforeAll(async () => {
    world = await toyBot({ launchedSeconds: 60 });
    await world.enqueue(60);
    // Only what runs can be killed.
    const running = world.bot().app.parts.db.prepare("SELECT 1 FROM jobs WHERE status = 'running'");
    await eventually('the job runs', () => running.get() !== undefined);
  });
  afterAll(() => world.stop());
  const told = async (line = '') => (await world.ask(`audit ${line}`)).data as Told;
  const last = async (line = '') => (await told(line)).entries[0]!;

  it('holds a reference in the place of words: the note that they became, and their length', async () => {
    await world.ask('note 1 open sesame', BOB);
    expect(await last()).toMatchObject({
      person: 'bob',
      name: 'Bob',
      command: 'note',
      options: { job: expect.stringMatching(/^g1\/job-0000001@/), text: { length: 11 } },
      outcome: { event: 'done', detail: 'note 1' },
    });
    const rows = JSON.stringify(world.bot().app.parts.db.prepare('SELECT * FROM audit').all());
    expect(rows).not.toContain('sesame');
  });

  it('has nothing to take out when a note is withdrawn or redacted, whoever wrote the same', async () => {
    await world.ask('note 1 the same words', BOB);
    await world.ask('note 1 the same words', CLAUDE);
    const before = await told('limit=2');
    const agents = before.entries[0]!.outcome!.detail!.replace('note ', '');
    expect((await world.ask(`withdraw ${agents}`, CLAUDE)).ok).toBe(true);
    expect((await told('limit=3')).entries.slice(1)).toEqual(before.entries);
  });

  it('has refusals, with who, what and why, in a wrong room and of what nobody knows too', async () => {
    await world.ask('kill 1', EVE);
    expect(await last()).toMatchObject({
      event: 'turned-away',
      person: 'eve',
      command: 'kill',
      detail: 'not-allowed',
    });
    await world.ask('jobs', { ...EVE, role: null, barred: 'elsewhere' });
    expect(await last()).toMatchObject({ command: 'jobs', detail: 'not-in-this-channel' });
    await world.ask('move 1 sesame', BOB);
    expect(await last()).toMatchObject({
      command: 'move',
      detail: 'bad-option',
      options: { job: 'job-0000001', position: { length: 6 } },
    });
    await world.ask('sesame open', BOB);
    expect(await last()).toMatchObject({ command: null, detail: 'unknown-command', options: {} });
    await world.ask('withdraw 999', BOB);
    expect(await last()).toMatchObject({
      event: 'begun',
      command: 'withdraw',
      outcome: { event: 'failed', detail: 'not-yours' },
    });
  });

  it('has what was asked to confirm, its yes, each signal and the end, of which that yes is', async () => {
    const question = await world.ask('kill 1');
    const { token } = question.data as { token: string };
    await world.ask('', ADA, { input: { kind: 'confirm', token } });
    const { entries } = await told('1 limit=4');
    expect(entries.map(({ event, command }) => [event, command])).toEqual([
      ['signal', 'kill'],
      ['begun', 'kill'],
      ['answered', 'kill'],
      ['asked', 'kill'],
    ]);
    expect(entries[0]).toMatchObject({ person: 'ada', detail: 'SIGTERM' });
    expect(entries[1]!.outcome).toMatchObject({ event: 'done' });
    expect(entries[2]!.detail).toBe(entries[3]!.detail);
  });

  it('has what an agent proposed, who decided, and by whose word it was done', async () => {
    const { proposal } = (await world.ask('queue toy learning_rate=0.25 hypothesis="open sesame"', CLAUDE))
      .data as {
      proposal: number;
    };
    expect(await last()).toMatchObject({
      event: 'proposed',
      person: 'claude',
      detail: `proposal ${proposal}`,
      options: { preset: 'toy', learning_rate: '0.25', hypothesis: { length: 11 } },
    });
    await world.ask(`approve ${proposal}`, BOB);
    const { entries } = await told('limit=2');
    expect(entries).toMatchObject([
      { person: 'claude', command: 'queue', approvedBy: 'bob', outcome: { event: 'done' } },
      {
        person: 'bob',
        command: 'approve',
        options: { proposal: String(proposal) },
        outcome: { event: 'done' },
      },
    ]);
  });

  it('is asked by person, job or time, page by page, by admins alone', async () => {
    const all = (await told('limit=200')).entries;
    expect((await told('Bob limit=200')).entries).toEqual(all.filter(({ person }) => person === 'bob'));
    expect((await told('24h limit=200')).entries).toEqual(all);
    expect((await told('since=2099-01-01')).entries).toEqual([]);
    const pages: number[] = [];
    for (let next: number | null = all[0]!.id + 1; next !== null; ) {
      const page: Told = await told(`limit=3 before=${next}`);
      pages.push(...page.entries.map(({ id }) => id));
      next = page.next;
    }
    expect(pages).toEqual(all.map(({ id }) => id));
    expect(words(await world.ask('audit since=yesterday'))).toMatch(
      /since is "yesterday"; accepted: how long ago/,
    );
    expect(await world.said('audit bob limit=5')).toMatch(/Bob +.*note .*text=\(\d+ characters\)/);
    expect((await world.ask('audit', BOB)).errorCode).toBe('not-allowed');
    expect((await world.ask('audit', CLAUDE)).errorCode).toBe('not-for-agents');
  });

  it('has nothing of what only reads, with whatever command', async () => {
    const before = await told();
    for (const line of ['session list', 'experiment list', 'watch', 'dismissed', 'status'])
      expect([line, (await world.ask(line, BOB)).ok]).toEqual([line, true]);
    expect(await told()).toEqual(before);
    await world.ask('watch remove name=none', BOB);
    expect((await last()).command).toBe('watch');
  });
});
