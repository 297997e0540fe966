import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlackAdapter } from '../../adapters/slack/index.ts';
import { createOthers } from '../../adapters/slack/others.ts';
import type { SlackTimings } from '../../adapters/slack/timings.ts';
import { supervise } from '../../src/app/supervise.ts';
import type { Adapter } from '../../src/core/adapter.ts';
import { textMessage } from '../../src/core/message.ts';
import { createHouse } from '../contract/adapter-harness.ts';
import { eventually } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import type { Fault } from '../servers/faults.ts';
import { type SlackServer, startSlackServer } from '../servers/slack/index.ts';

const OPEN = 'apps.connections.open';
/** Longer than any pause before a socket is opened anew in these tests. */
const QUIET_MS = 600;

let slack: SlackServer;
let adapters: Adapter[];
beforeEach(async () => {
  slack = await startSlackServer({ users: [{ id: 'U0ADA', name: 'Ada' }] });
  adapters = [];
});
afterEach(async () => {
  for (const adapter of adapters) await adapter.stop();
  await slack.stop();
});

/** An adapter that keeps itself open. */
async function keep(timings: Partial<SlackTimings> = {}, clock = Date.now): Promise<Adapter> {
  const house = createHouse();
  const adapter = supervise(
    'slack',
    (onLost) =>
      createSlackAdapter(
        {
          botToken: slack.botToken,
          appToken: slack.appToken,
          apiUrl: slack.apiUrl,
          timings: { firstMs: 20, longestMs: 200, ...timings },
        },
        { ...house.ports('slack', 'U0ADA', slack.channels.queue!), clock, onLost },
      ),
    {
      clock,
      log: quietLog,
      timings: { firstMs: 20, longestMs: 200, closeMs: 1_000, steadyMs: 60_000 },
      onUp: () => {},
    },
  );
  adapters.push(adapter);
  await adapter.start(house.handlers);
  return adapter;
}
const asked = () => slack.requests.filter(({ method }) => method === OPEN);
const bothOpen = () => eventually('both are open', () => slack.sockets.count() === 2);

async function nobodyConnects(): Promise<void> {
  await eventually('no socket is left', () => slack.sockets.open() === 0);
  const before = [slack.sockets.attempts(), slack.requests.length];
  await sleep(QUIET_MS);
  expect([slack.sockets.attempts(), slack.requests.length]).toEqual(before);
  expect(slack.sockets.open()).toBe(0);
}

describe('a Slack adapter that is stopped', () => {
  it('while both are open connects no more', async () => {
    const adapter = await keep();
    await bothOpen();
    await adapter.stop();
    await nobodyConnects();
  });

  it('while it asks for a socket connects no more', async () => {
    let answer = () => {};
    const until = new Promise<void>((resolve) => {
      answer = resolve;
    });
    slack.fault(OPEN, { until }, 1);
    const adapter = await keep();
    await eventually('it said who it is', () => slack.requests.some(({ method }) => method === 'auth.test'));
    await sleep(100);
    await adapter.stop();
    answer();
    await nobodyConnects();
  });

  it('while it is not greeted connects no more', async () => {
    slack.sockets.greet('none');
    const adapter = await keep();
    await eventually('it is connected', () => slack.sockets.open() > 0);
    await adapter.stop();
    await nobodyConnects();
  });

  it('after a cut connects no more', async () => {
    const adapter = await keep({ firstMs: 300 });
    await bothOpen();
    slack.sockets.cut();
    await adapter.stop();
    await nobodyConnects();
  });
});

describe('a Slack adapter that gets no socket', () => {
  it('asks again when Retry-After is over, at the start and later', async () => {
    slack.fault(OPEN, { status: 429, retryAfterSeconds: 1 }, 1);
    const from = Date.now();
    const adapter = await keep();
    await eventually('health says so', () =>
      /rate limit of apps\.connections\.open/.test(adapter.health().detail),
    );
    await bothOpen();
    expect(asked()[0]!.at - from).toBeGreaterThanOrEqual(1_000);
    slack.fault(OPEN, { status: 429, retryAfterSeconds: 1 }, 1);
    const cut = Date.now();
    slack.sockets.cut();
    await bothOpen();
    // The other socket asked at the same time at most; nobody asks within the second.
    const soon = asked().filter(({ at }) => at > cut + 200 && at < cut + 1_000);
    expect(soon).toEqual([]);
  });

  it('asks no sooner than in some seconds where a limit does not say when it is over', async () => {
    const fault = slack.fault(OPEN, { status: 429 }, 1_000);
    const adapter = await keep();
    await eventually('health says so', () =>
      /rate limit of apps\.connections\.open/.test(adapter.health().detail),
    );
    await sleep(QUIET_MS);
    expect(fault.used()).toBe(1);
  });

  const refusals: [string, Fault, RegExp][] = [
    ['a wrong token', { error: 'invalid_auth' }, /rejects the token in SLACK_APP_TOKEN.*"App-Level Tokens"/],
    [
      'a token of another kind',
      { error: 'not_allowed_token_type' },
      /SLACK_APP_TOKEN is of another kind.*xapp-/,
    ],
    [
      'a token without its scope',
      { error: 'missing_scope' },
      /SLACK_APP_TOKEN lacks the scope connections:write/,
    ],
    ['an error of Slack', { status: 503 }, /Slack answered 503/],
    ['an answer that says nothing', { error: 'internal_error' }, /Slack answered internal_error/],
    [
      "a proxy's page",
      { status: 200, page: { type: 'text/html', body: '<h1>Sign in</h1>' } },
      /something on the way answered in its place \(200, text\/html\)/,
    ],
  ];
  it.each(refusals)('by %s says what mends it', async (_what, fault, words) => {
    slack.fault(OPEN, fault, 1_000);
    const adapter = await keep();
    await eventually('health says so', () => words.test(adapter.health().detail));
    slack.clearFaults();
    await bothOpen();
  });

  it.each([
    ['link_disabled', /Socket Mode is switched off.*switch it on/],
    ['too_many_websockets', /as many connections as Slack allows.*stop the other processes/],
  ])(
    'since it is sent away with %s says what mends it, and asks more and more slowly',
    async (reason, words) => {
      const adapter = await keep({ longestMs: 10_000 });
      await bothOpen();
      slack.sockets.greet({ reason });
      slack.sockets.cut();
      await eventually('health says so', () => words.test(adapter.health().detail));
      const before = asked().length;
      await sleep(1_000);
      // 20, 40, 80, 160, 320, 640 ms for each of the two.
      expect(asked().length - before).toBeLessThan(16);
      slack.sockets.greet('hello');
      await eventually('both are open', () => slack.sockets.count() === 2, 10_000);
    },
  );

  it('since nobody greets it tries again', async () => {
    slack.sockets.greet('none');
    await keep({ helloMs: 100 });
    await eventually('it tried again', () => asked().length > 2);
    slack.sockets.greet('hello');
    await bothOpen();
    expect(slack.sockets.open()).toBe(2);
  });
});

it('a message that Slack limits without saying until when was surely not posted, and waits', async () => {
  const adapter = await keep();
  await bothOpen();
  slack.fault('chat.postMessage', { status: 429 });
  const error = await adapter
    .post({ channel: slack.channels.queue! }, textMessage('x'), 'k1')
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ outcome: 'retry', paced: 'posts', retryAfterMs: 10_000 });
});

describe('another process on the same Slack app', () => {
  const isTold = (adapter: Adapter) => /another process uses the same app/.test(adapter.health().detail);

  it('is told of for as long as it is there, through renewals, and no longer', async () => {
    let ahead = 0;
    slack.sockets.setForeign(1);
    const adapter = await keep({ lookMs: 50 }, () => Date.now() + ahead);
    await eventually('health says so', () => isTold(adapter));
    for (let renewal = 0; renewal < 4; renewal += 1) {
      const before = slack.sockets.attempts();
      slack.sockets.refresh();
      await eventually(
        'it is renewed',
        () => slack.sockets.attempts() > before && slack.sockets.count() === 2,
      );
      expect(isTold(adapter)).toBe(true);
    }
    // What was let go is counted no more.
    ahead += 120_000;
    await sleep(200);
    expect(isTold(adapter)).toBe(true);
    slack.sockets.setForeign(0);
    ahead += 120_000;
    await eventually('health is well', () => {
      ahead += 120_000;
      return adapter.health().state === 'up';
    });
    await bothOpen();
    expect(slack.sockets.open()).toBe(2);
  });

  it('is not made up from sockets of ours that Slack counts a little longer', () => {
    let now = 0;
    const others = createOthers(() => now);
    expect(others.counted(1, 1, 0)).toBe(0);
    others.closed();
    expect(others.counted(3, 2, 0)).toBe(0);
    expect(others.counted(3, 1, 1)).toBe(0);
    now += 100_000;
    expect(others.counted(3, 2, 0)).toBe(1);
  });
});

it('health says since when Slack is reached as it is now, not since when it first was', async () => {
  const adapter = await keep();
  await bothOpen();
  const since = () => (adapter.health() as { since?: number }).since ?? 0;
  const first = since();
  slack.sockets.refresh();
  await sleep(100);
  await bothOpen();
  expect(since()).toBe(first);
  const cut = Date.now();
  slack.down();
  await eventually('it is away', () => adapter.health().state === 'down');
  slack.up();
  await eventually('it is back', () => adapter.health().state === 'up');
  expect(since()).toBeGreaterThanOrEqual(cut);
});

describe('what was wrong with the app in Slack', () => {
  it('goes by itself when the token is accepted again, though nothing is said', async () => {
    const adapter = await keep({ askMs: 50 });
    await bothOpen();
    slack.revoke();
    await adapter
      .post({ channel: slack.channels.queue! }, textMessage('x'), 'k1')
      .catch((error: Error) => error);
    await eventually('health says so', () => /token/.test(adapter.health().detail));
    slack.restore();
    await eventually('health is well', () => adapter.health().state === 'up');
  });

  it('goes by itself when the app is installed with the scopes that it lacked', async () => {
    slack.setScopes(slack.scopes.filter((scope) => scope !== 'files:read'));
    const adapter = await keep({ askMs: 50 });
    await eventually('health says so', () => /lacks the scopes files:read/.test(adapter.health().detail));
    slack.setScopes(slack.scopes);
    await eventually('health is well', () => adapter.health().state === 'up');
  });
});
