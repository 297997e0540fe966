import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { securityHeaders } from '../../../adapters/web/guard.ts';
import { createPageFiles } from '../../../adapters/web/page-files.ts';
import type { Message } from '../../../src/core/message.ts';
import { launchBrowser } from '../../browser.ts';
import { hostileTexts } from '../../hostile-texts.ts';
import { runs, SEED } from '../figures.ts';
import { tell } from './faults.ts';
import { placed, says } from './placed.ts';

const DRAW = new URL('./draw.js', import.meta.url);
const COUNT = runs({ full: 10_000, ci: 80 });
/** So many texts go to the browser at once. */
const AT_ONCE = 200;

let server: Server;
let browser: Browser;
let page: Page;
const disturbances: string[] = [];

beforeAll(async () => {
  const app = new Hono();
  app.use(securityHeaders);
  app.get('/draw.js', (context) =>
    context.body(readFileSync(DRAW, 'utf8'), 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  );
  app.route('/', createPageFiles('/page'));
  server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  browser = await launchBrowser();
  page = await browser.newPage();
  page.on('request', (request) => {
    if (!request.url().startsWith(home)) disturbances.push(`request: ${request.url().slice(0, 200)}`);
  });
  page.on('dialog', async (dialog) => {
    disturbances.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  await page.goto(home);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** What the page itself makes of messages: their words, and what is not of its own making. */
function drawn(messages: readonly Message[]): Promise<{ text: string; foreign: string[] }[]> {
  return page.evaluate(`import('/draw.js').then(({ draw }) => draw(${JSON.stringify(messages)}))`);
}

it('the page shows what people wrote as text, and nothing of it acts', async ({ task }) => {
  const found = new Map<string, string[]>();
  const note = (kind: string, what: string) =>
    found.set(kind, [...(found.get(kind) ?? []), what.slice(0, 400)]);
  const texts = hostileTexts(SEED, COUNT);
  for (let at = 0; at < texts.length; at += AT_ONCE) {
    const places = texts
      .slice(at, at + AT_ONCE)
      .flatMap(({ text }, index) => placed(text.toWellFormed(), at + index));
    const shown = await drawn(places.map(({ message }) => message));
    for (const [index, { place, seen }] of places.entries()) {
      const { text, foreign } = shown[index]!;
      for (const what of foreign) note(`${place}, markup`, what);
      const isWhole =
        place === 'table' || says(place === 'block of code' ? text.replace(/Copy$/, '') : text, seen);
      if (!isWhole) note(`${place}, says`, `${JSON.stringify(seen)} gives ${JSON.stringify(text)}`);
    }
  }
  for (const what of disturbances) note('acts', what);
  tell(task, 'texts in every place of a message, drawn by Chromium from the page', COUNT, found);
  expect(disturbances).toEqual([]);
});
