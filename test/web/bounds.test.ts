import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textMessage } from '../../src/core/message.ts';
import type { HealthItem } from '../../src/core/services/health.ts';
import { openDb } from '../../src/store/db.ts';
import { createWebLogins } from '../../src/store/web-logins.ts';
import { testHandlers } from '../handlers.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { createTestWeb } from '../web-adapter.ts';
import { createWebClient, type WebClient } from '../web-client.ts';

describe('what others do to the web chat is bounded', () => {
  let now = Date.now();
  let items: HealthItem[] = [];
  const db = openDb(temporaryFolder());
  const logins = createWebLogins(db, () => now);
  const web = createTestWeb(db, {
    personById: (id) => ({ id, name: id, role: 'operator' }),
    logins,
    clock: () => now,
    houseHealth: () => items,
    timings: { headMs: 300, requestMs: 600, lookMs: 50, lastWordMs: 50 },
  });
  let ada: WebClient;
  const openStreams = () => Number(/(\d+) open/.exec(web.health().detail)![1]);
  async function enter(person: string): Promise<WebClient> {
    const client = createWebClient(web.entry.url());
    await client.enter(web.entry.createLink(person));
    await client.ask('api/state');
    return client;
  }
  /** A connection to the chat by which nothing is read. */
  function dial(text: string): Promise<Socket> {
    const { port } = new URL(web.entry.url());
    return new Promise((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(text);
        resolve(socket);
      });
      socket.on('error', () => {});
      socket.pause();
    });
  }
  const closed = (socket: Socket) => {
    socket.resume();
    return socket.closed || new Promise((resolve) => socket.once('close', () => resolve(true)));
  };
  async function listen(client: WebClient, after: number) {
    const response = await client.ask(`api/stream?after=${after}`);
    let text = '';
    const done = (async () => {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk;
    })().catch(() => {});
    return { text: () => text, done };
  }

  beforeAll(async () => {
    await web.start(testHandlers());
    ada = await enter('ada');
  });
  afterAll(async () => {
    await web.stop();
    db.close();
  });

  it('drops a page that does not read, and holds little for it', async () => {
    const before = openStreams();
    const head = Object.entries(ada.signed('api/stream')).map(([name, value]) => `${name}: ${value}\r\n`);
    const { host } = new URL(web.entry.url());
    const socket = await dial(`GET /api/stream HTTP/1.1\r\nhost: ${host}\r\n${head.join('')}\r\n`);
    await eventually('it listens', () => openStreams() === before + 1);
    const long = textMessage('x'.repeat(200_000));
    await eventually('it is dropped', async () => {
      for (let count = 0; count < 20; count += 1)
        await web.post({ channel: 'queue' }, long, `long-${Math.random()}`);
      return openStreams() === before;
    });
    expect(await closed(socket)).toBe(true);
  });

  it('has a page reload that missed too much', async () => {
    const answer = await ada.ask('api/stream?after=0');
    expect(await answer.json()).toEqual({ reload: true });
  });

  it("closes the oldest of a person's many pages, and nobody else's", async () => {
    const bob = await enter('bob');
    const { seq } = await bob.get<{ seq: number }>('state');
    const hers = await listen(ada, seq);
    const his = [];
    for (let count = 0; count < 14; count += 1) his.push(await listen(bob, seq));
    await Promise.all(his.slice(0, 2).map(({ done }) => done));
    expect(his.map(({ text }) => text().includes('event: over'))).toEqual([
      true,
      true,
      ...Array.from({ length: 12 }, () => false),
    ]);
    expect(hers.text()).not.toContain('over');
    expect(openStreams()).toBe(13);
  });

  it('ends what a login has open when it is ended', async () => {
    const before = openStreams();
    for (const { id, person } of logins.all()) if (person === 'bob') logins.remove(id);
    expect(openStreams()).toBe(before - 12);
    expect(openStreams()).toBe(1);
  });

  it('keeps those who signed in, and lets in others, whoever opens connections and is silent', async () => {
    const sockets = await Promise.all(Array.from({ length: 150 }, () => dial('')));
    expect((await (await enter('eve')).ask('api/state')).status).toBe(200);
    expect(openStreams()).toBe(1);
    await Promise.all(sockets.map(closed));
  });

  it('closes a connection whose head or body does not come', async () => {
    const head = await dial('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ');
    const { host } = new URL(web.entry.url());
    const proof = ada.signed('api/say', { method: 'POST', body: '{}' }).authorization;
    const body = await dial(
      `POST /api/say HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${proof}\r\ncontent-length: 2\r\n\r\n{`,
    );
    expect(await Promise.all([closed(head), closed(body)])).toEqual([true, true]);
  });

  it('reads no body of somebody who is not signed in', async () => {
    const status = await new Promise((resolve, reject) => {
      const asking = request(new URL('api/say', web.entry.url()), {
        method: 'POST',
        headers: { 'content-length': 200_000, authorization: 'Signed nothing' },
      });
      asking.on('response', (response) => resolve(response.statusCode));
      asking.on('error', reject);
      asking.flushHeaders();
    });
    expect(status).toBe(401);
    const enter = await ada.postTo('api/enter', { code: 'x'.repeat(5_000), key: ada.key });
    expect(enter.status).toBe(413);
  });

  it('tells monitors whether it is well, and no detail', async () => {
    const look = async (given: HealthItem[]) => {
      items = given;
      now += 2_000;
      const response = await fetch(new URL('healthz', web.entry.url()));
      return [response.status, await response.json()];
    };
    const queue = { name: 'queue gpu-02', part: 'queue', ok: true, detail: '/srv/b', isVital: true as const };
    const slack = { name: 'slack', ok: true, detail: 'team T1' };
    expect(await look([queue, slack])).toEqual([200, { status: 'ok', parts: { queue: 'ok', slack: 'ok' } }]);
    expect(await look([queue, { ...queue, ok: false }, { ...slack, ok: false }])).toEqual([
      200,
      { status: 'degraded', parts: { queue: 'problem', slack: 'problem' } },
    ]);
    expect(await look([{ ...queue, ok: false }, slack])).toEqual([
      503,
      { status: 'down', parts: { queue: 'problem', slack: 'ok' } },
    ]);
  });
});
