import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { createRecordedHome, startTestBot } from '../bot.ts';
import { launchBrowser } from '../browser.ts';
import { temporaryFolder } from '../helpers.ts';

/** The chat of a bot on a recorded queue, open in a browser as Ada; Eve may only look. */
export function openChat() {
  const folder = temporaryFolder();
  const home = createRecordedHome(folder);
  let bot: Awaited<ReturnType<typeof startTestBot>>;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  const card = (job: string) =>
    page
      .locator('.channel article', { hasText: job })
      .filter({ has: page.locator('h3') })
      .last();
  const say = async (text: string) => {
    await page.locator('.channel textarea').fill(text);
    await page.keyboard.press('Enter');
  };

  beforeAll(async () => {
    home.show('028.json');
    home.beat();
    bot = await startTestBot({
      folder,
      home: home.home,
      yaml: 'host: g1\nkill: {grace_seconds: 1}\npeople:\n  ada: {name: Ada, role: admin, unix: root}\n  eve: {name: Eve, role: viewer}\n',
    });
    browser = await launchBrowser();
    page = await (
      await browser.newContext({
        viewport: { width: 1280, height: 800 },
        timezoneId: 'America/New_York',
        locale: 'de-CH',
      })
    ).newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(bot.web!.createLink('ada'));
    await page.getByRole('heading', { name: 'Queue g1' }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await bot?.app.stop();
  });

  return {
    get page() {
      return page;
    },
    get browser() {
      return browser;
    },
    get bot() {
      return bot;
    },
    home,
    card,
    say,
    /** Starts the bot again, at the address that it had. */
    async startAgain(port: string): Promise<void> {
      bot = await startTestBot({ folder, home: home.home, env: { XAXBOT_WEB_PORT: port } });
    },
    /** What went wrong in the page, but for the network. */
    errors: () =>
      problems.filter(
        (text) =>
          !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|Failed to load resource/.test(text),
      ),
  };
}
