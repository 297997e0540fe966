import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDb } from '../../src/store/db.ts';
import { createWebLogins } from '../../src/store/web-logins.ts';
import { launchBrowser } from '../browser.ts';
import { testHandlers } from '../handlers.ts';
import { temporaryFolder } from '../helpers.ts';
import { createTestWeb } from '../web-adapter.ts';

describe('opening the chat', () => {
  const db = openDb(temporaryFolder());
  const logins = createWebLogins(db, Date.now);
  const web = createTestWeb(db, { logins, personById: (id) => ({ id, name: 'Ada', role: 'admin' }) });
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const composer = () => page.getByRole('combobox', { name: 'Message #Queue' });
  const command = () => page.getByText('xaxbot web-link', { exact: true }).first();

  beforeAll(async () => {
    await web.start(testHandlers());
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(() => context.close());
  afterAll(async () => {
    await browser.close();
    await web.stop();
    db.close();
  });

  it('says how to sign in at the bare address, in a tab behind others too, where nothing is painted', async () => {
    await page.addInitScript(() => {
      const { setTimeout: later } = globalThis;
      globalThis.requestAnimationFrame = () => 0;
      globalThis.setTimeout = ((run: () => void, ms: number) => later(run, ms + 60_000)) as typeof setTimeout;
    });
    await page.goto(web.entry.url());
    await page.getByRole('heading', { name: 'Sign in to xaxbot' }).waitFor();
    await command().waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await page.title()).toBe('Sign in – xaxbot');
  });

  it('leaves no error in the console, by a link, by the key that is kept, and after a pause', async () => {
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.clock.install();
    await page.goto(web.entry.createLink('ada'));
    await composer().waitFor();
    await page.reload();
    await composer().waitFor();
    // Longer than a challenge is good for; the bot's own clock goes on as it does.
    const asked = page.waitForResponse('**/api/challenge');
    await page.clock.fastForward('10:00');
    await composer().fill('/xax status');
    expect((await asked).status()).toBe(204);
    expect(errors).toEqual([]);
  });

  it('opens by a link that is pasted, after one that was used, and opens what waits in other tabs', async () => {
    const used = web.entry.createLink('ada');
    const other = await browser.newPage();
    await other.goto(used);
    await other.getByRole('combobox').waitFor();
    await other.close();

    const waiting = await context.newPage();
    await waiting.goto(web.entry.url());
    await waiting.getByRole('heading', { name: 'Sign in to xaxbot' }).waitFor();

    await page.goto(used);
    await page.getByRole('alert').getByText('This link has been used').waitFor();
    await command().waitFor();
    const pasted = page.getByRole('textbox', { name: 'Link' });
    await pasted.fill('http://127.0.0.1:1/no-link');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('That is no link of "xaxbot web-link"').waitFor();
    await pasted.fill(web.entry.createLink('ada'));
    await page.keyboard.press('Enter');
    await composer().waitFor();
    await waiting.getByRole('combobox').waitFor();

    await page.goto(used);
    await page.getByRole('status').getByText('You are signed in already').waitFor();
    await page.getByRole('button', { name: 'OK' }).click();
    expect(await page.getByText('You are signed in already').count()).toBe(0);
  });

  it('says that a login is over, where it was ended while the page was open and when it is opened again', async () => {
    await page.goto(web.entry.createLink('ada'));
    await composer().waitFor();
    for (const { id } of logins.all()) logins.remove(id);
    const over = page.getByRole('alert').getByText('This login is over');
    await over.waitFor();
    await command().waitFor();
    await page.reload();
    await over.waitFor();
    expect(await composer().count()).toBe(0);
  });

  it('waits for a bot that does not answer, says why, and opens by itself with a link that was not used up', async () => {
    await page.route('**/api/**', (route) => route.abort());
    await page.goto(web.entry.createLink('ada'));
    await page.getByRole('alert').getByText('xaxbot does not answer').waitFor();
    await page.unroute('**/api/**');
    await composer().waitFor();

    await page.route('**/api/**', (route) => route.fulfill({ status: 502, body: '<h1>Bad gateway</h1>' }));
    await page.reload();
    await page.getByRole('alert').getByText('xaxbot does not answer').waitFor();
    await page.unroute('**/api/**');
    await page.route('**/api/**', (route) => route.fulfill({ status: 200, body: '<h1>Jupyter</h1>' }));
    await page.getByRole('alert').getByText('Something other than xaxbot answers at 127.0.0.1').waitFor();
    await page.unroute('**/api/**');
    await page.route('**/api/**', (route) => route.abort());
    await context.setOffline(true);
    await page.getByRole('alert').getByText('This machine is offline').waitFor();
    await page.unroute('**/api/**');
    await context.setOffline(false);
    await composer().waitFor();
    expect(new URL(page.url()).hash).toBe('');
  });
});
