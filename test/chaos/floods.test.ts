import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/core/adapter.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { eventually } from '../helpers.ts';
import { type Chats, LATE, openChats } from '../platforms.ts';
import { figure, runs } from './figures.ts';

/** The job that runs in the last recorded state. */
const JOB = 'job-0000009';
const MOVED = 'job-0000010';
/** Within so long people hear of an end, whatever else is said: Slack takes a message a second in a channel. */
const HEARD_WITHIN_MS = 8_000;

type RawState = { jobs: Record<string, Record<string, unknown>>; [key: string]: unknown };
/** The last state in which the job that runs has changed, as xax lays it out. */
function withJob(text: string, more: Record<string, unknown>, running: string | null): string {
  const state = JSON.parse(text) as RawState;
  Object.assign(state.jobs[JOB]!, more);
  return `${JSON.stringify({ ...state, running_job_id: running }, null, 2)}\n`;
}

const failed = (text: string) =>
  withJob(
    text,
    { status: 'failed', ended_at: Date.now() / 1000, return_code: 1, error: 'Exited with return code 1' },
    null,
  );

describe('a flood', () => {
  let chats: Chats;
  afterEach(() => chats.stop());

  async function open(hasBudgets = true) {
    chats = await openChats({ discord: false, atSlacksPace: true, hasBudgets, first: LATE });
    await chats.connected();
  }

  /** As an agent on the host gives a command. */
  async function asAgent(id: string, words: string): Promise<Reply> {
    let last: Reply | undefined;
    const person = { id, name: id, role: 'agent' as const };
    const input = { kind: 'text' as const, words };
    await chats
      .bot()
      .app.handlers.invoke({ adapter: 'terminal', channel: 'terminal', person, input }, async (reply) => {
        last = reply;
        return undefined;
      });
    return last!;
  }

  /** The job fails; how long it takes until Slack has been told, milliseconds. */
  function msUntilToldOfFailure(): Promise<number> {
    chats.home.show(LATE, failed);
    return msUntilTold(JOB, new RegExp(`${JOB} failed`));
  }

  async function msUntilTold(job: string, words: RegExp): Promise<number> {
    const since = performance.now();
    await eventually(
      'Slack hears of it',
      async () => (await threadOf(job)).some((text) => words.test(text)),
      240_000,
    );
    return performance.now() - since;
  }

  async function threadOf(job: string): Promise<string[]> {
    const { slack } = chats;
    const card = (await slack.timeline(slack.channels.queue!)).find(({ text }) =>
      text.includes(`ToyRegression ${job}`),
    );
    if (!card) return [];
    return (await slack.replies(slack.channels.queue!, card.ts)).map(({ text }) => text);
  }

  it('of agents that take notes delays no end, and is told together, with how many there were', async ({
    task,
  }) => {
    await open();
    const agents = runs({ full: 20, ci: 7 });
    const each = 30;
    for (let count = 0; count < each; count += 1)
      for (let agent = 0; agent < agents; agent += 1)
        expect((await asAgent(`agent-${agent}`, `note ${JOB} "number ${count}"`)).ok).toBe(true);
    const ms = await msUntilToldOfFailure();
    await chats.allSaid();
    const acts = (await threadOf(JOB)).filter((text) => text.includes('on its own'));
    const told = acts.flatMap((text) =>
      [...text.matchAll(/did (\d+ things?|this) on its own/g)].map(
        ([, many]) => Number.parseInt(many!, 10) || 1,
      ),
    );
    figure(task, {
      attack: 'notes of agents in the thread of a job that then fails',
      runs: agents * each,
      result: `failure told after ${(ms / 1000).toFixed(1)} s, ${acts.length} posts tell of ${told.reduce((sum, one) => sum + one, 0)} notes`,
    });
    expect(told.reduce((sum, one) => sum + one, 0)).toBe(agents * each);
    expect(ms).toBeLessThan(HEARD_WITHIN_MS);
  });

  it('of proposals about a job delays its end no more, nor do edits that Slack refuses for half a minute', async ({
    task,
  }) => {
    await open();
    const refused = chats.slack.fault('chat.update', { status: 429, retryAfterSeconds: 30 }, 1_000);
    const agents = runs({ full: 10, ci: 3 });
    const each = 20;
    for (let count = 0; count < each; count += 1)
      for (let agent = 0; agent < agents; agent += 1)
        await asAgent(`agent-${agent}`, `experiment edit ${JOB} next_action="number ${count}"`);
    const ms = await msUntilToldOfFailure();
    figure(task, {
      attack: 'proposals about a job that then fails, while every edit gets a 429',
      runs: agents * each,
      result: `failure told after ${(ms / 1000).toFixed(1)} s, ${refused.used()} edits refused`,
    });
    expect(refused.used()).toBeGreaterThan(0);
    expect(ms).toBeLessThan(HEARD_WITHIN_MS);
    chats.slack.clearFaults();
  });

  it('of moves of a waiting job that is then cancelled is told in one post before its end', async ({
    task,
  }) => {
    await open();
    const others = ['job-0000011', 'job-0000012'];
    /** The job 10 waits with two others, at a place of its own, or was cancelled. */
    const waiting = (place: number | null) => (text: string) => {
      const state = JSON.parse(text) as RawState & { queue: string[] };
      const own = state.jobs[MOVED]!;
      for (const id of others) state.jobs[id] = { ...own, job_id: id };
      state.queue = place === null ? others : others.toSpliced(place, 0, MOVED);
      if (place === null)
        Object.assign(own, {
          status: 'cancelled',
          ended_at: Date.now() / 1000,
          error: 'Cancelled before execution',
        });
      return `${JSON.stringify(state, null, 2)}\n`;
    };
    const db = new Database(join(chats.folder, 'data', 'xaxbot.sqlite'), { readonly: true });
    const counted = db.prepare<[string], number>('SELECT count(*) FROM transitions WHERE kind = ?').pluck();
    const before = counted.get('enqueued')!;
    const times = runs({ full: 200, ci: 40 });
    for (let count = 0; count <= times; count += 1) {
      chats.home.show(LATE, waiting((count % 2) * 2));
      await eventually(
        'it is in the database',
        () => counted.get('enqueued') === before + others.length && counted.get('moved') === count,
      );
    }
    db.close();
    chats.home.show(LATE, waiting(null));
    const ms = await msUntilTold(MOVED, new RegExp(`${MOVED} cancelled`));
    await chats.allSaid();
    const moves = (await threadOf(MOVED)).flatMap((text) =>
      [...text.matchAll(/(\d+) times, the last: moved|\bmoved\b/gi)].map(([, many]) => Number(many ?? 1)),
    );
    const total = moves.reduce((sum, one) => sum + one, 0);
    figure(task, {
      attack: 'moves of a job that is then cancelled',
      runs: times,
      result: `end told after ${(ms / 1000).toFixed(1)} s, ${moves.length} posts tell of ${total} moves`,
    });
    expect(total).toBe(times);
    expect(ms).toBeLessThan(HEARD_WITHIN_MS);
  });

  it('of commands by one agent is refused beyond its budget, in words, and its neighbours are not', async () => {
    await open();
    const answers = [];
    for (let count = 0; count < 80; count += 1)
      answers.push(await asAgent('one', `note ${JOB} "number ${count}"`));
    const refused = answers.filter(({ ok }) => !ok);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(plainText(refused[0]!.message)).toMatch(/^That is too many commands at once .* in \d+ s\.$/);
    expect((await asAgent('two', `note ${JOB} "one more"`)).ok).toBe(true);
  });
});
