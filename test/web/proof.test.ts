import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDb } from '../../src/store/db.ts';
import { testHandlers } from '../handlers.ts';
import { temporaryFolder } from '../helpers.ts';
import { createTestWeb } from '../web-adapter.ts';
import { createWebClient, type WebClient } from '../web-client.ts';

const MINUTE = 60_000;

describe('a login of the web chat is a key', () => {
  let now = Date.now();
  const clock = () => now;
  const db = openDb(temporaryFolder());
  const people = ['ada', 'bob'].map((id) => ({ id, name: id, role: 'operator' as const }));
  /** Another start of the same bot: nothing but the database goes on. */
  const start = async () => {
    const personById = (id: string) => people.find((person) => person.id === id);
    const web = createTestWeb(db, { clock, personById });
    await web.start(testHandlers());
    return web;
  };
  let web: Awaited<ReturnType<typeof start>>;
  let ada: WebClient;

  /** Sends exactly this, as somebody would who has it from the wire; resolves to the error's code, or the status. */
  function send(path: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<string> {
    return new Promise((resolve, reject) => {
      const asking = request(new URL(path, web.entry.url()), { method, headers }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve(response.statusCode === 200 ? '200' : JSON.parse(text).error.code);
      });
      asking.on('error', reject);
      asking.end(body);
    });
  }
  const said = { method: 'POST', body: JSON.stringify({ channel: 'queue', text: 'hello' }) };
  const say = (headers: Record<string, string>, body = said.body) => send('api/say', headers, 'POST', body);
  async function enter(person: string): Promise<WebClient> {
    const client = createWebClient(web.entry.url());
    expect((await client.enter(web.entry.createLink(person))).status).toBe(200);
    return client;
  }

  beforeAll(async () => {
    web = await start();
    ada = await enter('ada');
  });
  afterAll(async () => {
    await web.stop();
    db.close();
  });

  it('takes a request as it was signed, once', async () => {
    const headers = ada.signed('api/say', said);
    expect(await say(headers)).toBe('200');
    expect(await say(headers)).toBe('replayed');
  });

  it('refuses one that was changed anywhere', async () => {
    const hidden = JSON.stringify({ channel: 'queue', text: '/xax kill 9' });
    expect(await say(ada.signed('api/say', said), hidden)).toBe('not-signed-in');
    expect(await send('api/act', ada.signed('api/say', said), 'POST', said.body)).toBe('not-signed-in');
    expect(await send('api/say?x=1', ada.signed('api/say', said), 'POST', said.body)).toBe('not-signed-in');
    expect(await send('api/state', ada.signed('api/state', { method: 'POST' }))).toBe('not-signed-in');
    expect(await send('api/thread?root=2', ada.signed('api/thread?root=1'))).toBe('not-signed-in');
    const { authorization = '' } = ada.signed('api/state');
    const bob = await enter('bob');
    const changes: [RegExp, string][] = [
      [/login=[^,]+/, `login=${bob.login}`],
      [/count=(\d+)/, 'count=999'],
      [/signature=.{8}/, 'signature=AAAAAAAA'],
      [/^Signed/, 'Bearer'],
      [/digest=[^,]+/, `digest=${createHash('sha256').update('x').digest('base64url')}`],
      [/count=\d+/, 'count=-1'],
      [/count=\d+/, 'count=1e3'],
    ];
    for (const [pattern, to] of changes)
      expect(await send('api/state', { authorization: authorization.replace(pattern, to) }), to).toBe(
        'not-signed-in',
      );
    expect(await send('api/state', { authorization })).toBe('200');
  });

  it('takes requests that overtake one another, each once', async () => {
    const all = Array.from({ length: 40 }, () => ada.signed('api/state')).reverse();
    const answers = await Promise.all(all.map((headers) => send('api/state', headers)));
    expect(new Set(answers)).toEqual(new Set(['200']));
    const again = await Promise.all(all.map((headers) => send('api/state', headers)));
    expect(new Set(again)).toEqual(new Set(['replayed']));
  });

  it('refuses one that many later ones have overtaken', async () => {
    const early = ada.signed('api/state');
    for (let index = 0; index < 600; index += 1) ada.signed('api/state');
    expect(await send('api/state', ada.signed('api/state'))).toBe('200');
    expect(await send('api/state', early)).toBe('replayed');
  });

  it('has one signed again that was signed for later, or for another start of the bot', async () => {
    const late = ada.signed('api/state');
    now += 6 * MINUTE;
    expect(await send('api/state', late)).toBe('new-challenge');
    expect((await ada.ask('api/state')).status).toBe(200);
    const before = [ada.signed('api/state'), ada.signed('api/state')];
    expect(await send('api/state', before[0]!)).toBe('200');
    await web.stop();
    web = await start();
    for (const headers of before) expect(await send('api/state', headers)).toBe('new-challenge');
    const { authorization = '' } = before[1]!;
    const [, challenge = ''] = /challenge=([^,]+)/.exec(authorization)!;
    for (const forged of ['', 'x', '.', challenge.replace(/^./, 'z'), `${challenge}A`, '9'.repeat(120)])
      expect(
        await send('api/state', { authorization: authorization.replace(challenge, forged) }),
        forged,
      ).toBe('new-challenge');
  });

  it('does not take again what was signed with one of too many challenges', async () => {
    const client = await enter('bob');
    const used: Record<string, string>[] = [];
    for (let page = 0; page < 80; page += 1) {
      now += 1;
      const response = await fetch(new URL('api/state', web.entry.url()), {
        headers: {
          authorization: client.signed('api/state').authorization!.replace(/challenge=[^,]+/, 'challenge='),
        },
      });
      client.take(response.headers.get('xaxbot-challenge')!);
      used.push(client.signed('api/state'));
      expect(await send('api/state', used.at(-1)!)).toBe('200');
    }
    const again = await Promise.all(used.map((headers) => send('api/state', headers)));
    expect(again).not.toContain('200');
    expect((await client.ask('api/state')).status).toBe(200);
  });

  it('lets nobody in by the code of another start', async () => {
    const link = web.entry.createLink('ada');
    await web.stop();
    web = await start();
    const client = createWebClient(web.entry.url());
    expect((await client.enter(link)).status).toBe(403);
    expect((await client.ask('api/state')).status).toBe(401);
  });

  it("registers only a key whose holder asks, and spends no code on another's", async () => {
    const link = web.entry.createLink('ada');
    const code = new URL(link).hash.slice('#enter='.length);
    const other = await enter('bob');
    const thief = createWebClient(web.entry.url());
    for (const key of [other.key, 'x', '', other.key.slice(4), `BB${other.key.slice(2)}`]) {
      const answer = await thief.post<{ error: { code: string } }>('enter', { code, key });
      expect(answer.error.code, key).toBe('not-signed-in');
    }
    expect((await thief.enter(link)).status).toBe(200);
  });

  it('is over when it was not used for thirty days, or was ended', async () => {
    const client = await enter('bob');
    now += 29 * 24 * 60 * MINUTE;
    expect((await client.ask('api/state')).status).toBe(200);
    now += 29 * 24 * 60 * MINUTE;
    expect((await client.ask('api/state')).status).toBe(200);
    now += 31 * 24 * 60 * MINUTE;
    expect((await client.ask('api/state')).status).toBe(401);
    const another = await enter('bob');
    expect((await another.postTo('api/leave', {})).status).toBe(200);
    expect((await another.ask('api/state')).status).toBe(401);
  });

  it('lets a true link in beside any number of wrong ones, which wait ever longer', async () => {
    const wrong = Array.from({ length: 60 }, async () => {
      const client = createWebClient(web.entry.url());
      return (await client.postTo('api/enter', { code: 'x', key: client.key })).status;
    });
    await enter('ada');
    expect(new Set(await Promise.all(wrong))).toEqual(new Set([403]));
    await enter('ada');
  });
});
