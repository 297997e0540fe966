import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordedHome, startTestBot } from '../bot.ts';
import { launchBrowser } from '../browser.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

/** The first colour of the charts' palette. */
const CURVE = [0x00, 0x72, 0xb2];

describe('the chat in a browser, on a recorded queue', () => {
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

  it('takes the entry link out of the address, and a second use of it is refused', async () => {
    expect(new URL(page.url()).hash).toBe('');
    expect(await page.context().cookies()).toEqual([]);
  });

  it('shows a change of the queue without a reload, and its thread with the cause and the curve', async () => {
    home.show('029.json');
    await card('job-0000007').getByText('Failed').first().waitFor();
    await card('job-0000008').getByText('Running').first().waitFor();
    home.show('030.json');
    await card('job-0000008').getByText('out of device memory').waitFor();
    await card('job-0000008').getByRole('button', { name: /repl/ }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('Cause:').waitFor();
    expect(await thread.locator('pre').textContent()).toContain('RESOURCE_EXHAUSTED');
    await thread
      .getByRole('slider', { name: /Chart of job-0000008 value\/loss/ })
      .last()
      .waitFor();
  });

  it("draws the curve's points where the data says", async () => {
    await say('/xax metrics 9 value/loss');
    const picture = page
      .getByRole('article', { name: 'Answer only you can see' })
      .getByRole('slider', { name: /Chart of job-0000009 value\/loss/ });
    const { columns, size } = await picture.evaluate((canvas: HTMLCanvasElement, [red, green, blue]) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const found = new Map<number, number>();
      for (let at = 0; at < data.length; at += 4) {
        const isCurve =
          Math.abs(data[at]! - red!) + Math.abs(data[at + 1]! - green!) + Math.abs(data[at + 2]! - blue!) <
          30;
        if (isCurve) found.set((at / 4) % canvas.width, Math.floor(at / 4 / canvas.width));
      }
      return {
        columns: [...found].sort(([x], [y]) => x - y),
        size: { width: canvas.width, height: canvas.height },
      };
    }, CURVE);
    const rows = columns.map(([, row]) => row);
    expect(columns.length).toBeGreaterThan(size.width * 0.7);
    expect(Math.max(...rows) - Math.min(...rows)).toBeGreaterThan(size.height * 0.3);
  });

  it('completes commands as they are typed, and answers privately in words to a wrong one', async () => {
    const input = page.locator('.channel textarea');
    await input.fill('/xax lo');
    await page.getByRole('option', { name: /logs/ }).waitFor();
    await page.keyboard.press('Tab');
    expect(await input.inputValue()).toBe('/xax logs ');
    await page.getByRole('option', { name: 'running the running job' }).waitFor();
    await say('/xax kil 9');
    await page.getByText('There is no command "kil". Did you mean kill?').waitFor();
    await page.getByText('only you see this').first().waitFor();
  });

  it('keeps what is typed while a message is on its way, and gives back what could not be sent', async () => {
    const input = page.locator('.channel textarea');
    await page.route('**/api/say', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.abort();
    });
    await say('/xax status');
    await input.fill('/xax he');
    await page.getByRole('alert').waitFor();
    expect(await input.inputValue()).toBe('/xax he');
    await say('/xax week');
    await eventually('the words are back', async () => (await input.inputValue()) === '/xax week');
    await page.unroute('**/api/say');
    await input.fill('');
  });

  it('notes a hypothesis through a form, which stays open until it was taken', async () => {
    await page.locator('.channel').getByRole('button', { name: 'Write a hypothesis' }).first().click();
    const dialog = page.getByRole('dialog');
    const told = await page.getByRole('article', { name: 'Answer only you can see' }).count();
    await dialog.getByLabel('What you expect').fill('wider is <b>better</b>');
    await dialog.getByText('More options').click();
    await dialog.getByLabel('name').fill('../up');
    await dialog.getByRole('button', { name: 'Save hypothesis' }).click();
    await dialog.getByRole('alert').getByText('cannot name an experiment').waitFor();
    expect(await dialog.getByLabel('What you expect').inputValue()).toBe('wider is <b>better</b>');
    await page.keyboard.press('Escape');
    await dialog.getByRole('status').getByText('What you typed is still here').waitFor();
    expect(await dialog.getByRole('alert').count()).toBe(0);
    expect(await dialog.getByLabel('What you expect').inputValue()).toBe('wider is <b>better</b>');
    expect(await page.getByRole('article', { name: 'Answer only you can see' }).count()).toBe(told);
    await dialog.getByLabel('name').fill('wide-1');
    await dialog.getByRole('button', { name: 'Save hypothesis' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('wider is <b>better</b>').first().waitFor();
  });

  it('kills a real process that ignores SIGTERM, after asking, and nobody else is asked', async () => {
    const env = { ...process.env, XAX_QUEUE_JOB_ID: 'job-0000009', XAX_HOME: home.home };
    const program =
      "process.on('SIGTERM', () => {}); process.stdout.write('up'); setInterval(() => {}, 1000)";
    const child: ChildProcess = spawn(process.execPath, ['-e', program], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout!, 'data');
    const gone = once(child, 'exit');
    const edited = (change: (job: Record<string, unknown>) => void) => (text: string) => {
      const state = JSON.parse(text) as {
        jobs: Record<string, Record<string, unknown>>;
        running_job_id: string | null;
      };
      change(state.jobs['job-0000009']!);
      if (state.jobs['job-0000009']!.status !== 'running') state.running_job_id = null;
      return JSON.stringify(state, null, 2);
    };
    home.show(
      '030.json',
      edited((job) =>
        Object.assign(job, {
          pid: child.pid,
          process_group_id: child.pid,
          started_at: Date.now() / 1000 - 1,
        }),
      ),
    );
    await say('/xax kill 9');
    const question = page
      .getByRole('article', { name: 'Answer only you can see' })
      .filter({ hasText: 'This cannot be undone' });
    expect(child.exitCode).toBeNull();
    await question.getByRole('button', { name: 'Kill job-0000009' }).click();
    const [, signal] = (await gone) as [number | null, string];
    expect(signal).toBe('SIGKILL');
    await page.locator('.channel').getByText('It ignored SIGTERM; SIGKILL ended it').waitFor();
    home.show(
      '030.json',
      edited((job) =>
        Object.assign(job, {
          status: 'failed',
          pid: null,
          process_group_id: null,
          return_code: -9,
          error: 'Terminated by signal 9',
          ended_at: Date.now() / 1000,
        }),
      ),
    );
    await card('job-0000009').getByText('killed by Ada (SIGKILL)').waitFor();
    await question.getByText('Yes, said Ada.').waitFor();
    expect(await question.getByRole('button', { name: 'Kill job-0000009' }).count()).toBe(0);
  });

  it('refreshes a card where it stands, and says nothing beside it', async () => {
    const answers = page.getByRole('article', { name: 'Answer only you can see' });
    const before = await answers.count();
    const board = page
      .locator('.channel article')
      .filter({ has: page.getByRole('heading', { name: 'Queue g1' }) });
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/act'));
    await board.first().getByRole('button', { name: 'Refresh' }).click();
    expect(await (await answered).json()).toMatchObject({ reply: null });
    await board.first().getByRole('heading', { name: 'Queue g1' }).waitFor();
    expect(await answers.count()).toBe(before);
  });

  it('lets a viewer look and nothing else, at 400 pixels too', async () => {
    const narrow = await (await browser.newContext({ viewport: { width: 400, height: 800 } })).newPage();
    await narrow.goto(bot.web!.createLink('eve'));
    await narrow.getByRole('heading', { name: 'Queue g1' }).waitFor();
    expect(await narrow.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
    await narrow.locator('.channel textarea').fill('/xax cancel 10');
    await narrow.keyboard.press('Enter');
    await narrow.getByText('cancel needs the role operator; your role is viewer').waitFor();
    await narrow.getByRole('button', { name: /repl/ }).first().click();
    await narrow.getByRole('main', { name: 'Thread' }).waitFor();
    await narrow.getByRole('button', { name: 'Close the thread' }).click();
    await narrow.locator('.channel textarea').waitFor();
  });

  it('takes whoever writes from further up to the end, where the answer appears', async () => {
    const list = page.getByRole('log', { name: 'Messages', exact: true });
    const belowIt = () =>
      list.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
    await list.evaluate((element) => element.scrollTo({ top: 0 }));
    await eventually('it is scrolled up', async () => (await belowIt()) > 500);
    await say('/xax verdicts');
    await page.getByText('No run waits for a verdict').last().waitFor();
    await eventually('it is at the end', async () => (await belowIt()) < 10);
    expect(await page.getByRole('button', { name: /New messages/ }).count()).toBe(0);
  });

  it('wraps long texts in a table of many columns, so that none is cut off beside the card', async () => {
    await say('/xax jobs');
    const table = page.getByRole('article', { name: 'Answer only you can see' }).last().getByRole('table');
    await table.waitFor();
    const beside = await table.evaluate((element) => {
      // The longest words that are usual: hours and minutes, and a cause.
      for (const row of element.querySelectorAll('tbody tr')) {
        row.children[1]!.textContent = 'ToyRegression';
        row.children[2]!.textContent = 'completed, 1 h 18 min ago';
        row.children[3]!.textContent = '1 h 21 min ago';
        const cause = row.children[row.children.length - 1]!;
        cause.className = 'long';
        cause.textContent =
          'out of device memory: 16.0 GiB could not be allocated (train.py:118 in train_step)';
      }
      return element.parentElement!.scrollWidth - element.parentElement!.clientWidth;
    });
    expect(beside).toBe(0);
  });

  it('shows tables, commands and charts on a phone in the dark so that they can be read', async () => {
    const phone = { viewport: { width: 400, height: 800 }, hasTouch: true, colorScheme: 'dark' as const };
    const narrow = await (await browser.newContext(phone)).newPage();
    await narrow.goto(bot.web!.createLink('ada'));
    const answers = narrow.getByRole('article', { name: 'Answer only you can see' });
    const ask = async (words: string) => {
      const before = await answers.count();
      await narrow.locator('.channel textarea').fill(words);
      await narrow.keyboard.press('Escape');
      await narrow.keyboard.press('Enter');
      await answers.nth(before).waitFor();
      return answers.nth(before);
    };
    const jobs = await ask('/xax jobs limit=3');
    expect(
      await jobs.getByRole('table').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    ).toBe(0);
    const cell = jobs
      .getByRole('cell')
      .filter({ hasText: /^(completed|failed|running|queued)/ })
      .first();
    expect(await cell.evaluate((element) => getComputedStyle(element, '::before').content)).toContain(
      'status',
    );
    expect((await cell.boundingBox())!.width).toBeLessThan(340);

    const help = await ask('/xax help session');
    const [code, copy] = [help.locator('pre'), help.getByRole('button', { name: 'Copy' })];
    const [text, button] = [(await code.boundingBox())!, (await copy.boundingBox())!];
    expect(button.y).toBeGreaterThanOrEqual(text.y + text.height);
    expect(await code.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);

    const answer = await ask('/xax metrics 6');
    await answer.locator('figure').scrollIntoViewIfNeeded();
    const chart = answer.getByRole('slider');
    // On the dark page's own ground: nothing is drawn there.
    expect(
      await chart.evaluate(
        (canvas: HTMLCanvasElement) => canvas.getContext('2d')!.getImageData(2, 2, 1, 1).data[3],
      ),
    ).toBe(0);
    await narrow.context().close();
  });

  it('goes on by itself after the bot was restarted, with what happened meanwhile', async () => {
    const { port } = new URL(bot.web!.url());
    await bot.app.stop();
    await page.getByText('Connection lost').waitFor();
    home.show('030.json', (text) => {
      const state = JSON.parse(text) as {
        jobs: Record<string, Record<string, unknown>>;
        queue: string[];
        running_job_id: null;
      };
      Object.assign(state, { queue: [], running_job_id: null });
      const at = Date.now() / 1000;
      Object.assign(state.jobs['job-0000009']!, {
        status: 'failed',
        pid: null,
        process_group_id: null,
        return_code: -9,
        error: 'Terminated by signal 9',
        ended_at: at - 5,
      });
      Object.assign(state.jobs['job-0000010']!, {
        status: 'completed',
        started_at: at - 4,
        ended_at: at - 1,
        return_code: 0,
      });
      return JSON.stringify(state, null, 2);
    });
    bot = await startTestBot({ folder, home: home.home, env: { XAXBOT_WEB_PORT: port } });
    await card('job-0000010').getByText('Completed').first().waitFor();
    await page.getByText('Connection lost').waitFor({ state: 'detached' });
    const heading = page.locator('.channel h3', { hasText: 'job-0000010' });
    await heading.first().waitFor();
    expect(await heading.count()).toBe(1);
  });

  it('made no error in the page', () => {
    expect(
      problems.filter(
        (text) =>
          !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|Failed to load resource/.test(text),
      ),
    ).toEqual([]);
  });
});
