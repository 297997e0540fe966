import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, request, textChannel } from './client.ts';
import { type DiscordServer, startDiscordServer } from './index.ts';

let server: DiscordServer;
const post = (content = 'x') =>
  request(server, 'POST', `/channels/${server.channelId}/messages`, { content });
const SEND = 'POST /channels/:channel/messages';

beforeEach(async () => {
  server = await startDiscordServer({ strict: false });
});
afterEach(() => server.stop());

describe('a fault', () => {
  it('cuts the line before anything is done', async () => {
    server.fault(SEND, { drop: 'before' });
    await expect(post()).rejects.toThrow();
    expect(server.messages(server.channelId)).toEqual([]);
    expect((await post()).status).toBe(200);
  });

  it('does it and loses the answer', async () => {
    server.fault(SEND, { drop: 'after' });
    await expect(post()).rejects.toThrow();
    expect(server.messages(server.channelId)).toHaveLength(1);
  });

  it('answers 500 as often as it was told', async () => {
    const fault = server.fault(SEND, { status: 500 }, 2);
    expect([(await post()).status, (await post()).status, (await post()).status]).toEqual([500, 500, 200]);
    expect(fault.used()).toBe(2);
  });

  it('answers 429 with the seconds to wait', async () => {
    server.fault(SEND, { status: 429, retryAfterSeconds: 7 });
    const answer = await post();
    expect(answer).toMatchObject({ status: 429, body: { retry_after: 7, global: false } });
    expect(answer.headers.get('retry-after')).toBe('7');
    server.fault(SEND, { status: 429, retryAfterSeconds: 2, global: true });
    const global = await post();
    expect(global.body.global).toBe(true);
    expect(global.headers.get('x-ratelimit-global')).toBe('true');
    expect(server.invalidRequests()).toBe(2);
  });

  it('delays', async () => {
    server.fault(SEND, { delayMs: 60 });
    const since = performance.now();
    await post();
    expect(performance.now() - since).toBeGreaterThanOrEqual(55);
  });

  it('meets the routes it names, and none after it is taken away', async () => {
    server.fault(/^DELETE/, { status: 500 }, 9);
    const all = server.fault('*', { status: 503 }, 9);
    expect((await post()).status).toBe(503);
    all.remove();
    expect((await post()).status).toBe(200);
    server.fault((route) => route.startsWith('POST'), { status: 502 }, 9);
    server.clearFaults();
    expect((await post()).status).toBe(200);
  });
});

describe('rate limits', () => {
  const restart = async (options: Parameters<typeof startDiscordServer>[0]) => {
    await server.stop();
    server = await startDiscordServer({ strict: false, ...options });
  };

  it('are off by default: no headers', async () => {
    expect((await post()).headers.get('x-ratelimit-limit')).toBeNull();
  });

  it('hold a bucket of a route and channel, told in headers', async () => {
    await restart({ rateLimits: [{ route: SEND, limit: 2, perMs: 60_000 }] });
    const first = await post();
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    expect(first.headers.get('x-ratelimit-bucket')).not.toBeNull();
    await post();
    const third = await post();
    expect(third.status).toBe(429);
    expect(third.headers.get('x-ratelimit-scope')).toBe('user');
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    const other = server.addChannel('other');
    expect((await request(server, 'POST', `/channels/${other}/messages`, { content: 'x' })).status).toBe(200);
    server.advance(60_000);
    expect((await post()).status).toBe(200);
  });

  it('are obeyed by discord.js, which waits', async () => {
    await restart({ rateLimits: [{ route: SEND, limit: 2, perMs: 400 }] });
    const client = await connect(server);
    await Promise.all(['a', 'b', 'c'].map((text) => textChannel(client, server).send(text)));
    expect(server.messages(server.channelId)).toHaveLength(3);
    expect(server.invalidRequests()).toBe(0);
    await client.destroy();
  });

  it('may be global', async () => {
    await restart({ globalPerSecond: 1 });
    await post();
    expect((await post()).body.global).toBe(true);
  });
});

describe('the log', () => {
  it('keeps what was asked, with files and answers, never a token', async () => {
    const client = await connect(server);
    await textChannel(client, server).send({
      content: 'x',
      files: [{ attachment: Buffer.from('1'), name: 'a.txt' }],
    });
    const entry = server.log.find(({ method }) => method === 'POST');
    expect(entry).toMatchObject({
      path: `/channels/${server.channelId}/messages`,
      files: ['a.txt'],
      status: 200,
    });
    expect(JSON.stringify(server.log)).not.toContain(server.token);
    await client.destroy();
  });
});
