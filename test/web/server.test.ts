import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Invocation, Reply } from '../../src/core/adapter.ts';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { textMessage } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { openDb } from '../../src/store/db.ts';
import { createFileStore } from '../../src/store/files.ts';
import { testHandlers } from '../handlers.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { createTestWeb } from '../web-adapter.ts';
import { createWebClient, type WebClient } from '../web-client.ts';

const PEOPLE = [
  { id: 'ada', name: 'Ada', role: 'operator' as const },
  { id: 'bob', name: 'Bob', role: 'viewer' as const },
  { id: 'claude', name: 'Claude', role: 'agent' as const },
];
const HOSTILE = '<script>alert(1)</script> @everyone <!channel> [x](javascript:alert(1)) =1+1 \u202eabc 🕒';

describe('the web chat over HTTP', () => {
  const folder = temporaryFolder();
  const db = openDb(folder);
  const files = createFileStore(folder);
  let now = Date.now();
  let removed = false;
  const asked: Invocation[] = [];
  const handlers = testHandlers({
    async invoke(invocation, reply) {
      asked.push(invocation);
      const words = invocation.input.kind === 'text' ? invocation.input.words : '';
      const answer = (visibility: Reply['visibility'], text: string, final = true) =>
        reply({ message: textMessage(text), visibility, ok: true, final });
      if (words.startsWith('public')) {
        await answer('public', 'working', false);
        await answer('public', 'done');
      } else {
        await answer('private', 'for you: one', false);
        await answer('private', 'for you: two');
      }
    },
    form: async (_invocation, command) => ({
      title: 't',
      description: '',
      command,
      submitLabel: 'Send',
      fields: {},
      folded: [],
      shaping: [],
      values: {},
      fixed: {},
      about: [],
    }),
    complete: async (_where, words) => [{ insert: `${words}!`, label: words, description: '' }],
  });
  const web = createTestWeb(db, {
    clock: () => now,
    personById: (id) => (removed ? undefined : PEOPLE.find((person) => person.id === id)),
    fileAt: async (file) => files.pathOf(file),
  });
  async function enter(person: string): Promise<WebClient> {
    const client = createWebClient(web.entry.url());
    await client.enter(web.entry.createLink(person));
    return client;
  }
  let ada: WebClient;
  let bob: WebClient;

  beforeAll(async () => {
    await web.start(handlers);
    ada = await enter('ada');
    bob = await enter('bob');
  });
  afterAll(() => web.stop());

  it('lets a link in once, and not after ten minutes', async () => {
    const link = web.entry.createLink('ada');
    const [first, second] = [createWebClient(web.entry.url()), createWebClient(web.entry.url())];
    expect((await first.enter(link)).status).toBe(200);
    const again = await second.enter(link);
    expect(again.status).toBe(403);
    expect(((await again.json()) as { error: { message: string } }).error.message).toMatch(/has been used/);
    const late = web.entry.createLink('ada');
    now += 11 * 60_000;
    expect((await second.enter(late)).status).toBe(403);
    expect((await second.ask('api/state')).status).toBe(401);
    expect(() => web.entry.createLink('nobody')).toThrow(/nobody called "nobody"/);
  });

  it('keeps nothing that lets anybody in', () => {
    const link = web.entry.createLink('ada');
    const everything = db
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .pluck()
      .all()
      .map((table) => JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all()))
      .join();
    expect(everything).toContain(ada.login);
    expect(everything).not.toContain(new URL(link).hash.slice('#enter='.length));
  });

  it('answers nothing without a login, and a removed person is out at once', async () => {
    for (const path of [
      'state',
      'messages?channel=queue',
      'stream?after=0',
      'files/x.png',
      'complete?channel=queue&words=',
    ]) {
      const url = `${web.entry.url()}api/${path}`;
      expect((await fetch(url)).status, path).toBe(401);
      expect((await fetch(url, { headers: { authorization: 'Bearer wrong' } })).status, path).toBe(401);
      expect((await createWebClient(web.entry.url()).ask(`api/${path}`)).status, path).toBe(401);
    }
    removed = true;
    expect((await ada.ask('api/state')).status).toBe(401);
    removed = false;
    expect((await ada.ask('api/state')).status).toBe(200);
  });

  it("refuses another site's requests and names that point here, and takes any port of a tunnel", async () => {
    const { port } = new URL(web.entry.url());
    const status = (headers: Record<string, string>) =>
      new Promise<number>((resolve) => {
        request(
          {
            host: '127.0.0.1',
            port,
            path: '/api/state',
            headers: { ...ada.signed('api/state'), ...headers },
          },
          (response) => {
            response.resume();
            resolve(response.statusCode!);
          },
        ).end();
      });
    expect(await status({ host: 'evil.example' })).toBe(421);
    expect(await status({ origin: 'http://evil.example' })).toBe(403);
    expect(await status({ origin: 'http://127.0.0.1:9999' })).toBe(403);
    expect(await status({ host: 'localhost:9999', origin: 'http://localhost:9999' })).toBe(200);
  });

  it('serves the page under a policy that allows no inline script', async () => {
    const page = await fetch(web.entry.url());
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'/);
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]*src=)/);
    expect(html).not.toMatch(/ on\w+=|style=/);
    expect((await fetch(`${web.entry.url()}page/..%2f..%2findex.ts`)).status).toBe(404);
  });

  it('gives a stream that was cut every change once, in order, whenever it was cut', async () => {
    const random = seededRandom(9);
    const seen = new Map<number, number>();
    const order: number[] = [];
    let after = 0;
    let done = false;
    let duplicates = 0;
    const reading = (async () => {
      while (!done || after < (await latest())) {
        const abort = new AbortController();
        const response = await ada.ask(`api/stream?after=${after}`, { signal: abort.signal });
        const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
        const until = Date.now() + 20 + random() * 80;
        let rest = '';
        while (Date.now() < until) {
          const chunk = await Promise.race([reader.read(), sleep(Math.max(1, until - Date.now()))]);
          if (!chunk || chunk.done) break;
          const events = (rest + chunk.value).split('\n\n');
          rest = events.pop()!;
          for (const event of events) {
            const data = /^data: (.*)$/m.exec(event)?.[1];
            if (data === undefined) continue;
            const message = JSON.parse(data) as ChatMessage;
            if (seen.get(message.id) === message.seq) duplicates += 1;
            seen.set(message.id, message.seq);
            order.push(message.seq);
            after = message.seq;
          }
        }
        abort.abort();
      }
    })();
    const refs = [];
    for (let count = 0; count < 120; count += 1) {
      refs.push(await web.post({ channel: 'queue' }, textMessage(`m${count}`), `k${count}`));
      if (count % 3 === 0)
        await web.update(refs[Math.floor(random() * refs.length)]!, textMessage(`edited ${count}`), {
          key: '',
        });
      await sleep(random() * 8);
    }
    done = true;
    await reading;
    expect(duplicates).toBe(0);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const { messages } = await ada.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
    for (const { id, seq } of messages) expect(seen.get(id)).toBe(seq);
  });

  async function latest(): Promise<number> {
    return (await ada.get<{ seq: number }>('state')).seq;
  }

  it('shows a public command and its answer to all, the answer edited in place', async () => {
    const asked = { channel: 'queue', thread: null, text: '/xax public thing' };
    const answer = await ada.post<{ reply: unknown }>('say', asked);
    expect(answer.reply).toBeNull();
    const { messages } = await bob.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=2');
    expect(messages.map(({ author, message }) => [author?.id ?? null, plainText(message)])).toEqual([
      ['ada', '/xax public thing'],
      [null, 'done'],
    ]);
  });

  it('gives a private answer to the asker alone, and keeps it nowhere', async () => {
    const heard: Record<string, string> = { ada: '', bob: '' };
    const aborts = Object.entries({ ada, bob }).map(([who, client]) => {
      const abort = new AbortController();
      latest()
        .then(async (seq) => {
          const response = await client.ask(`api/stream?after=${seq}`, { signal: abort.signal });
          for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) heard[who] += chunk;
        })
        .catch(() => {});
      return abort;
    });
    await eventually('both listen', () => heard.ada !== '' && heard.bob !== '');
    const before = await latest();
    const asked = { channel: 'queue', thread: null, text: '/xax secret' };
    const answer = await ada.post<{ reply: Reply }>('say', asked);
    expect(plainText(answer.reply.message)).toBe('for you: one');
    await eventually('the later answer', () => heard.ada!.includes('for you: two'));
    for (const abort of aborts) abort.abort();
    expect(heard.bob).not.toContain('for you');
    expect(await latest()).toBe(before);
  });

  it('keeps hostile text as the text it is', async () => {
    await ada.post('say', { channel: 'queue', thread: null, text: HOSTILE });
    const { messages } = await ada.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=1');
    expect(messages[0]!.message.blocks).toEqual([{ kind: 'text', text: HOSTILE }]);
  });

  it('answers in words to what cannot be taken, and keeps nothing', async () => {
    const before = await latest();
    const cases: [unknown, number, RegExp][] = [
      [{ channel: 'queue', text: 'x'.repeat(100_000) }, 413, /100000 characters/],
      [{ channel: 'queue', text: '   ' }, 400, /nothing to send/],
      [{ channel: 'queue', text: '/deploy' }, 400, /begin with \/xax/],
      [{ channel: 'nowhere', text: 'hi' }, 404, /no channel "nowhere"/],
      [{ channel: 'queue', thread: 99_999, text: 'hi' }, 404, /thread does not exist/],
      [{ text: 7 }, 400, /not understood/],
    ];
    for (const [body, status, words] of cases) {
      const response = await ada.postTo('api/say', body);
      expect(response.status).toBe(status);
      expect(((await response.json()) as { error: { message: string } }).error.message).toMatch(words);
    }
    for (const client of [bob, await enter('claude')])
      expect((await client.postTo('api/say', { channel: 'queue', text: 'hello' })).status).toBe(403);
    expect(await latest()).toBe(before);
  });

  it('gives files of its own store only', async () => {
    const { file } = await files.save(Buffer.from('a,b\r\n'), 'csv');
    const get = (name: string) => ada.ask(`api/files/${name}`);
    const found = await get(file);
    expect([found.status, await found.text(), found.headers.get('content-disposition')]).toEqual([
      200,
      'a,b\r\n',
      'attachment',
    ]);
    for (const name of ['..%2f..%2fxaxbot.sqlite', 'xaxbot.sqlite', `${'0'.repeat(32)}.png`])
      expect((await get(name)).status, name).toBe(404);
  });

  it('says which port is in use and what to do', async () => {
    const port = Number(new URL(web.entry.url()).port);
    const other = createTestWeb(openDb(temporaryFolder()), {
      settings: { host: '127.0.0.1', port, publicOrigin: null },
      personById: () => undefined,
    });
    await expect(other.start(handlers)).rejects.toThrow(/Port \d+ of 127\.0\.0\.1 is in use/);
  });
});
