import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sample, samples } from '../../gallery/samples.ts';
import type { Message } from '../../src/core/message.ts';
import { openDb } from '../../src/store/db.ts';
import { violations } from '../axe.ts';
import { launchBrowser } from '../browser.ts';
import { testHandlers } from '../handlers.ts';
import { temporaryFolder } from '../helpers.ts';
import { type ToyBot, toyBot, WITH_OPTIMIZER } from '../toy-bot.ts';
import { createTestWeb } from '../web-adapter.ts';

const LOG = [
  'Step 1 took 4.22 s',
  'Traceback (most recent call last):',
  '  File "toy.py", line 42, in on_step_start',
  'RuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 17179869184 bytes.',
  `a line ${'that goes on and on '.repeat(20)}`,
].join('\n');
const CAUSE = `out of device memory: 16.0 GiB could not be allocated (toy.py:42 in on_step_start): ${'RESOURCE_EXHAUSTED '.repeat(4)}`;
const table: Message = {
  blocks: [
    {
      kind: 'table',
      columns: ['job', 'task', 'status', 'queued', 'by', 'error'],
      rows: ['running', 'completed', 'failed', 'cancelled', 'queued'].map((status, index) => [
        { code: `job-000000${index}` },
        'ToyRegression',
        [`${status}, `, { time: Date.now() - 60_000, style: 'relative' }],
        { time: Date.now() - 120_000, style: 'relative' },
        'Ada',
        status === 'failed' ? CAUSE : '',
      ]),
    },
  ],
};
const log: Message = { blocks: [{ kind: 'code', text: LOG, isLog: true }] };

/** A picture of one pixel, where the samples have a chart. */
const chart = {
  image: { file: 'none.png' },
  alt: 'Chart of job-0000042 value/loss',
  width: 720,
  height: 405,
};

/** Two runs that ended and one that waits behind another, for the page of runs. */
let world: ToyBot;
beforeAll(async () => {
  world = await toyBot({ settings: WITH_OPTIMIZER, launchedSeconds: 60 });
  await world.ask('session new lr-study metric=value/loss mode=min');
  for (const learning_rate of ['0.01', '0.03']) await world.enqueue(0.2, { learning_rate });
  await world.ended('job-0000002');
  for (const seconds of [60, 60]) await world.enqueue(seconds);
  await world.ask('verdict job-0000001 confirmed "as expected"');
});
afterAll(() => world?.stop());

describe.each([1280, 400])('%i pixels wide', (width) => {
  const db = openDb(temporaryFolder());
  const web = createTestWeb(db, { personById: (id) => ({ id, name: 'Ada', role: 'admin' }) });
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  // One of each group: what they are made of is the same.
  const all: readonly Sample[] = samples(chart as Parameters<typeof samples>[0]).filter(
    ({ group }, index, each) => group !== each[index - 1]?.group,
  );

  /** What is wrong with the page as it stands, in both themes. */
  async function look(view: string, within?: string): Promise<string[]> {
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const rules = colorScheme === 'light' ? undefined : ['color-contrast'];
      for (const each of await violations(page, rules, within))
        found.push(`${view}, ${colorScheme}: ${each}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) found.push(`${view}: ${wide} pixels wide`);
    return found;
  }

  beforeAll(async () => {
    await web.start(
      testHandlers({
        async invoke({ input }, reply) {
          const words = input.kind === 'text' ? input.words : '';
          const message = words === 'jobs' ? table : log;
          await reply({ message, visibility: 'private', ok: true, final: true });
        },
        complete: async () => [
          { insert: 'status', label: 'status', description: 'Running and waiting jobs' },
        ],
        form: async (_invocation, command) => ({
          title: 'A note',
          description: 'Written into the log',
          command,
          submitLabel: 'Save note',
          fields: {
            text: {
              type: 'text',
              label: 'Note',
              description: 'what you saw',
              required: true,
              multiline: true,
            },
            kind: { type: 'choice', label: 'Kind', description: 'what it is', choices: ['a', 'b'] },
            sure: { type: 'boolean', label: 'Sure', description: 'whether you are' },
          },
          values: {},
          fixed: {},
          about: [],
          folded: ['kind'],
          shaping: [],
        }),
      }),
    );
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width, height: 800 } });
    page.on('pageerror', (error) => problems.push(error.message));
  });
  afterAll(async () => {
    await browser.close();
    await web.stop();
    db.close();
  });

  it('has no violation of axe-core, and nothing wider than the window, in any view and theme', async () => {
    const found: string[] = [];
    await page.goto(web.entry.url());
    await page.getByRole('heading', { name: 'Sign in to xaxbot' }).waitFor();
    found.push(...(await look('sign-in')));

    await page.goto(web.entry.createLink('ada'));
    const box = page.getByRole('combobox', { name: 'Message #Queue' });
    await box.waitFor();
    found.push(...(await look('an empty channel')));

    for (const [index, { message }] of all.entries())
      await web.post({ channel: 'queue' }, message, `s${index}`);
    await page
      .getByRole('article')
      .nth(all.length - 1)
      .waitFor();
    found.push(...(await look('every card')));

    await box.fill('/xax s');
    await page.getByRole('option', { name: /status/ }).waitFor();
    found.push(...(await look('completions')));

    for (const words of ['jobs', 'logs']) {
      await box.fill(`/xax ${words}`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Enter');
      await page
        .getByRole('article', { name: 'Answer only you can see' })
        .getByText(`/xax ${words}`)
        .waitFor();
    }
    found.push(...(await look('answers')));

    await page
      .getByRole('button', { name: /^Reply in thread/ })
      .first()
      .click();
    await page.getByRole('log', { name: 'Thread messages' }).waitFor();
    found.push(...(await look('a thread')));
    await page.getByRole('button', { name: 'Close the thread' }).click();
    if (width < 700) {
      await page.getByRole('button', { name: 'Channels' }).click();
      found.push(...(await look('channels')));
      await page.getByRole('navigation').getByRole('button', { name: 'Queue' }).click();
    }

    await page.getByRole('button', { name: /^Note/ }).first().click();
    await page.getByRole('dialog').waitFor();
    found.push(...(await look('a form')));
    await page.keyboard.press('Escape');

    await page.route('**/api/**', (route) => route.abort());
    await page.reload();
    await page.getByRole('heading', { name: 'Waiting for xaxbot' }).waitFor();
    found.push(...(await look('unreachable')));
    expect(found).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('has none on the page of runs, in its panes, and in the forms of queue, verdict and experiment', async () => {
    const found: string[] = [];
    const pane = page.getByRole('tabpanel');
    const inForm = async (view: string) => {
      await page.getByRole('dialog').getByRole('heading').waitFor();
      const more = page.getByRole('dialog').locator('summary');
      if ((await more.count()) > 0) await more.click();
      found.push(...(await look(view, 'dialog')));
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await page.unrouteAll();
    await page.goto(world.bot().web!.createLink('ada'));
    await page.getByRole('combobox', { name: /^Message/ }).fill('/xax experiment show job-0000001');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page
      .getByRole('article', { name: 'Answer only you can see' })
      .getByRole('button', { name: /^Edit/ })
      .click();
    await inForm('the form of experiment');
    if (width < 700) await page.getByRole('button', { name: 'Channels' }).click();
    await page.getByRole('button', { name: 'Runs', exact: true }).click();

    // Where there is no room for both, the list or a pane is shown.
    const turnTo = async (tab: RegExp) => {
      if (width < 700) await page.getByRole('tab', { name: tab }).click();
    };
    await page.locator('.run-rows').waitFor();
    found.push(...(await look('the list of runs')));
    await turnTo(/^Now/);
    await pane.getByRole('button', { name: /^Queue a run/ }).waitFor();
    found.push(...(await look('runs')));
    await pane.getByRole('button', { name: /^Queue a run/ }).click();
    await inForm('the form of queue');

    await turnTo(/^List/);
    for (const index of [2, 3])
      await page
        .getByRole('checkbox', { name: /^Overlay/ })
        .nth(index)
        .check();
    await turnTo(/^Curves/);
    await pane.locator('figure.chart').waitFor();
    found.push(...(await look('curves of runs', '.runs')));
    await turnTo(/^List/);
    await page
      .locator('.run-rows')
      .getByRole('button', { name: /^job-0000001/ })
      .click();
    await pane.getByRole('button', { name: /^Verdict/ }).waitFor();
    found.push(...(await look('a run', '.runs')));
    await pane.getByRole('button', { name: /^Verdict/ }).click();
    await inForm('the form of verdict');
    for (const tab of ['Scoreboard', 'Week']) {
      await page.getByRole('tab', { name: tab }).click();
      await page
        .locator(`[role=tabpanel][aria-labelledby=tab-${tab.toLowerCase()}]:not([aria-busy])`)
        .waitFor();
      found.push(...(await look(tab, '.run-pane')));
    }
    await turnTo(/^List/);
    await page.getByRole('combobox', { name: 'Status' }).selectOption('cancelled');
    await page.getByText('No runs match.').waitFor();
    found.push(...(await look('no runs', '.run-list')));
    expect(found).toEqual([]);
    expect(problems).toEqual([]);
  });
});
