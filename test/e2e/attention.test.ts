import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Message, textMessage } from '../../src/core/message.ts';
import { openDb } from '../../src/store/db.ts';
import { launchBrowser } from '../browser.ts';
import { testHandlers } from '../handlers.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { createTestWeb } from '../web-adapter.ts';

const ended: Message = {
  blocks: [
    { kind: 'text', text: [{ bold: 'lr-3 failed' }, ' after 2 h, ', { mention: 'ada', name: 'Ada' }] },
    { kind: 'text', text: 'out of device memory' },
  ],
};

describe('what draws attention', () => {
  const db = openDb(temporaryFolder());
  const web = createTestWeb(db, {
    personById: (id) => ({ id, name: 'Ada', role: 'admin' }),
    channels: () => ['queue', 'team'].map((id) => ({ id, title: id, description: '' })),
  });
  const post = (channel: string, message: Message, key: string) => web.post({ channel }, message, key);
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What each page of the browser has notified of. */
  const told: string[] = [];

  beforeAll(async () => {
    await web.start(testHandlers({ commandsFor: () => [{ name: 'status' }, { name: 'kill' }] as never }));
    await post('team', textMessage('old news'), 'old');
    browser = await launchBrowser();
    context = await browser.newContext();
    await context.grantPermissions(['notifications'], { origin: web.entry.url().slice(0, -1) });
    await context.exposeFunction('told', (title: string, body: string) => told.push(`${title} | ${body}`));
    await context.addInitScript(() => {
      const record = class {
        static permission = 'granted';
        static requestPermission = async () => 'granted';
        close() {}
        constructor(title: string, { body }: { body: string }) {
          (globalThis as unknown as { told(...words: string[]): void }).told(title, body);
        }
      };
      Object.assign(globalThis, { Notification: record });
      const isHidden = () => sessionStorage.getItem('hidden') === 'yes';
      Object.defineProperty(document, 'hidden', { get: isHidden });
      document.hasFocus = () => !isHidden();
    });
    page = await context.newPage();
    await page.goto(web.entry.createLink('ada'));
    await page.getByRole('combobox').waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await web.stop();
    db.close();
  });
  const hide = (on: boolean, which = page) =>
    which.evaluate((hidden) => {
      sessionStorage.setItem('hidden', hidden ? 'yes' : 'no');
      document.dispatchEvent(new Event('visibilitychange'));
    }, on);
  const icon = () => page.locator('link[rel="icon"]').getAttribute('href');

  it('counts in title and picture what came while nobody looked, and what stands in other channels', async () => {
    expect(await page.title()).toBe('xaxbot host');
    const seen = await icon();
    await post('team', textMessage('news'), 'n1');
    await eventually('the title', async () => (await page.title()) === '(1) xaxbot host');
    await page.getByRole('button', { name: 'team 1 unread' }).click();
    await eventually('the title', async () => (await page.title()) === 'xaxbot host');
    await hide(true);
    const card = await post('team', textMessage('more'), 'n2');
    await web.update(card, textMessage('an edit is nothing new'), { key: 'n2' });
    await web.post({ channel: 'team', thread: card }, textMessage('in its thread'), 'n3');
    await eventually('the title', async () => (await page.title()) === '(2) xaxbot host');
    expect(await icon()).not.toBe(seen);
    await hide(false);
    await eventually('the title', async () => (await page.title()) === 'xaxbot host');
    expect(await icon()).toBe(seen);
  });

  it('notifies of what names somebody or is said to them alone, once over all pages, and not where it is looked at', async () => {
    const second = await context.newPage();
    await second.goto(web.entry.url());
    await second.getByRole('combobox').waitFor();
    await post('queue', ended, 'seen');
    await second.getByText('lr-3 failed').first().waitFor();
    await hide(true);
    await hide(true, second);
    await post('queue', textMessage('for nobody'), 'nobody');
    const mine = await post('queue', ended, 'mine');
    await web.update(mine, ended, { key: 'mine' });
    await post('dm:ada', textMessage('A proposal waits for you'), 'direct');
    await eventually('two notifications', () => told.length >= 2);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(told).toEqual([
      'lr-3 failed after 2 h, Ada | out of device memory',
      'A proposal waits for you | ',
    ]);
    await hide(false);
    await page.getByRole('button', { name: 'Notifications: on' }).click();
    await page.getByRole('button', { name: 'Notifications: off' }).waitFor();
    await second.close();
  });

  it('offers the command that somebody writes without /xax, and sends words as words', async () => {
    const box = page.getByRole('combobox');
    await box.fill('status');
    await page.keyboard.press('Enter');
    await page.getByText('Run /xax status?').waitFor();
    expect(await page.getByText('Run /xax status?').locator('code').textContent()).toBe('/xax status');
    await page.keyboard.press('Enter');
    await page.getByRole('article', { name: 'Answer only you can see' }).getByText('/xax status').waitFor();
    await box.fill('kill 9');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Send as a message' }).click();
    await page.getByRole('log').getByText('kill 9').waitFor();
    expect(await box.inputValue()).toBe('');
  });
});

it('takes for a command what is its name, with what no sentence has after it', async () => {
  const meant = new URL('../../adapters/web/page/meant.js', import.meta.url).href;
  const { commandIn } = (await import(meant)) as {
    commandIn(words: string, commands: readonly string[]): string | null;
  };
  const commands = ['status', 'kill', 'session', 'session list', 'note'];
  expect(commandIn('status', commands)).toBe('/xax status');
  expect(commandIn(' Status ', commands)).toBe('/xax status');
  expect(commandIn('kill job-0000007', commands)).toBe('/xax kill job-0000007');
  expect(commandIn('session list', commands)).toBe('/xax session list');
  expect(commandIn('note 7 text=x', commands)).toBe('/xax note 7 text=x');
  for (const words of [
    'status looks bad',
    'kill it',
    'notes',
    'note that it diverges',
    '',
    'session was long',
  ])
    expect(commandIn(words, commands), words).toBe(null);
});
