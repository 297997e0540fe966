import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlackAdapter } from '../../adapters/slack/index.ts';
import { createHouse } from '../contract/adapter-harness.ts';
import { eventually } from '../helpers.ts';
import { type Chats, EARLY, LATE, openChats } from '../platforms.ts';

/** Jobs that have a card at the end of the recorded day. */
const JOBS = 11;

describe('Slack in trouble', () => {
  let chats: Chats;
  let queue: string;
  const slack = () => chats.slack;
  const detail = () => chats.health('slack')?.detail ?? '';
  const texts = async () => (await slack().timeline(queue)).map(({ text }) => text);
  const jobsTold = async () => (await texts()).filter((text) => text.startsWith('ToyRegression'));
  /** Every message of the channel and its threads: what was said twice is there twice. */
  const everything = async () => {
    const cards = await slack().timeline(queue);
    const threads = await Promise.all(
      cards.map(async (card) =>
        (await slack().replies(queue, card.ts)).map(({ text }) => `${card.text.split('\n')[0]}: ${text}`),
      ),
    );
    return threads.flat();
  };

  beforeEach(async () => {
    chats = await openChats({ discord: false });
    queue = slack().channels.queue!;
    await chats.connected();
  });
  afterEach(() => chats.stop());

  it.each([
    [
      'not in the channel',
      () => slack().kick(queue),
      () => slack().invite(queue),
      /is not in the channel C\w+: type "\/invite @xaxbot"/,
    ],
    [
      'an archived channel',
      () => slack().archive(queue),
      () => slack().unarchive(queue),
      /is archived: unarchive it/,
    ],
    [
      'a missing scope',
      () => slack().setScopes(slack().scopes.filter((scope) => scope !== 'chat:write')),
      () => slack().setScopes(slack().scopes),
      /lacks the scope chat:write .*"OAuth & Permissions"/,
    ],
    [
      'a revoked token',
      () => slack().revoke(),
      () => slack().restore(),
      /the token was revoked.*SLACK_BOT_TOKEN/,
    ],
  ])('says of %s what mends it, and keeps what is to be said', async (_what, spoil, mend, words) => {
    spoil();
    chats.home.show(LATE);
    await eventually('health says so', () => words.test(detail()));
    expect(chats.health('web')!.ok).toBe(true);
    mend();
    // Nobody waits a minute in a test for what is tried once a minute.
    chats.bot().app.parts.resume('slack');
    await eventually(
      'all is told',
      async () => (await jobsTold()).length === JOBS && chats.bot().app.waiting() === 0,
      30_000,
    );
    await eventually('health is well', () => chats.health('slack')!.ok);
    const said = await everything();
    expect(new Set(said).size).toBe(said.length);
  });

  it('sends a card anew that somebody deleted, or that cannot be edited any more', async () => {
    await chats.show('020.json');
    const [card] = (await slack().timeline(queue)).filter(({ text }) => text.startsWith('ToyRegression'));
    const name = card!.text.split('\n')[0]!;
    await slack().deleteMessage(queue, card!.ts);
    chats
      .bot()
      .app.parts.db.prepare(`UPDATE deliveries SET state = 'due', delivered_hash = NULL WHERE kind = 'card'`)
      .run();
    await chats.show(LATE);
    const again = (await slack().timeline(queue)).filter(({ text }) => text.startsWith(name));
    expect(again.map(({ ts }) => ts)).not.toContain(card!.ts);
    expect(again).toHaveLength(1);
  });

  it('is told of another process on the same app', async () => {
    slack().sockets.setForeign(3);
    slack().sockets.refresh();
    await eventually('health says so', () => /another process uses the same app/.test(detail()));
  });

  it('loses nothing that people ask while a socket is renewed, cut or gone silent', async () => {
    await chats.show(LATE);
    const ask = async (words: string) => {
      const before = slack().ephemerals.length;
      const { ackMs } = await slack().command('U0ADA', queue, words);
      expect(ackMs).toBeLessThan(3_000);
      return eventually('an answer', () => slack().ephemerals[before]);
    };
    slack().sockets.refresh();
    expect((await ask('jobs limit=1')).text).toContain('job-0000011');
    await eventually('both are back', () => slack().sockets.count() === 2);
    slack().sockets.cut();
    await eventually('both are back', () => slack().sockets.count() === 2);
    expect((await ask('jobs limit=2')).text).toContain('job-0000010');
    slack().sockets.goSilent();
    await eventually('new ones are open', () => slack().sockets.count() === 2, 40_000);
    expect((await ask('jobs limit=3')).text).toContain('job-0000009');
  });

  it('says everything once through lost answers, errors and limits', async () => {
    slack().fault('chat.postMessage', { drop: 'after' }, 3);
    slack().fault('chat.postMessage', { status: 500 }, 2);
    slack().fault('chat.postMessage', { drop: 'before' }, 2);
    slack().fault('chat.postMessage', { status: 429, retryAfterSeconds: 1 }, 2);
    slack().fault('chat.update', { drop: 'after' }, 2);
    await chats.show(LATE);
    const told = await jobsTold();
    expect(told).toHaveLength(JOBS);
    expect(new Set(told.map((text) => text.split('\n')[0])).size).toBe(JOBS);
    const said = await everything();
    expect(new Set(said).size).toBe(said.length);
    const limited = slack().requests.filter(({ method }) => method === 'chat.postMessage');
    expect(limited.length).toBeGreaterThan(told.length);
  });

  it('is opened by itself when Slack is there again', async () => {
    slack().down();
    chats.home.show(LATE);
    await eventually('health says so', () => chats.health('slack')?.ok === false);
    expect(chats.health('web')!.ok).toBe(true);
    slack().up();
    await eventually('connected', () => slack().sockets.count() === 2, 60_000);
    await eventually('all is told', async () => (await jobsTold()).length === JOBS, 60_000);
    const said = await everything();
    expect(new Set(said).size).toBe(said.length);
  });

  it('does not begin while the token is wrong, and does when it is right', async () => {
    await chats.bot().app.stop();
    slack().revoke('invalid_auth');
    await chats.start();
    await eventually('health says so', () => /rejects the token/.test(detail()));
    chats.home.show(EARLY);
    slack().restore();
    await eventually('connected', () => slack().sockets.count() === 2, 30_000);
  });
});

describe('a Slack adapter', () => {
  it('never says a token, whatever goes wrong', async () => {
    const lines: string[] = [];
    const note = (fields: object, message: string) => void lines.push(`${JSON.stringify(fields)} ${message}`);
    const adapter = createSlackAdapter(
      {
        botToken: 'xoxb-very-secret',
        appToken: 'xapp-very-secret',
        apiUrl: 'http://127.0.0.1:9/api/',
      },
      {
        ...createHouse().ports('slack', 'U0ADA', 'C0QUEUE'),
        log: { debug: note, info: note, warn: note, error: note },
      },
    );
    const error = await adapter.start({} as never).catch((caught: Error) => caught);
    expect(String(error)).toMatch(/Slack cannot be reached/);
    expect(`${String(error)}${lines.join('\n')}`).not.toContain('secret');
    await adapter.stop();
  });
});
