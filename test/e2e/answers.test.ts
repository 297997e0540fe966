import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Invocation } from '../../src/core/adapter.ts';
import { type Block, type Message, textMessage } from '../../src/core/message.ts';
import { openDb } from '../../src/store/db.ts';
import { launchBrowser } from '../browser.ts';
import { testHandlers } from '../handlers.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { createTestWeb } from '../web-adapter.ts';

const KEY = 'g1/job-0000007@1795447056';
const lines = (count: number): Block => ({
  kind: 'table',
  columns: ['line'],
  rows: Array.from({ length: count }, (_, index) => [`line ${index + 1}`]),
});
const card = (count: number): Message => ({
  blocks: [
    { kind: 'heading', text: [{ bold: 'lr-3' }, ' ', { code: 'job-0000007' }] },
    lines(count),
    {
      kind: 'buttons',
      buttons: [
        { label: 'Kill', command: 'kill', options: { job: KEY }, style: 'danger' },
        { label: 'Note', command: 'note', options: { job: KEY } },
      ],
    },
  ],
});
const question: Message = {
  blocks: [
    { kind: 'text', text: 'Kill job-0000007 lr-3? This cannot be undone.' },
    {
      kind: 'buttons',
      buttons: [{ label: 'Kill job-0000007', command: 'kill', options: { sure: '1' }, replaces: true }],
    },
  ],
};

describe('what the chat answers', () => {
  const db = openDb(temporaryFolder());
  const answerTo = ({ input }: Invocation): Message => {
    if (input.kind === 'options') return input.options.sure ? textMessage('Yes, said Ada.') : question;
    return input.kind === 'text' && input.words === 'long' ? { blocks: [lines(100)] } : textMessage('short');
  };
  const web = createTestWeb(db, { personById: (id) => ({ id, name: 'Ada', role: 'admin' }) });
  const post = (message: Message, key: string) => web.post({ channel: 'queue' }, message, key);
  let browser: Browser;
  let page: Page;
  const list = () => page.getByRole('log', { name: 'Messages', exact: true });
  const answer = () => page.getByRole('article', { name: 'Answer only you can see' }).last();
  const say = async (words: string) => {
    await page.getByRole('combobox', { name: 'Message #Queue' }).fill(words);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
  };
  /** Where something stands below the top of the list, and above its bottom, pixels. */
  const inView = async (what: Locator) => {
    const [box, view] = [(await what.boundingBox())!, (await list().boundingBox())!];
    return { top: box.y - view.y, bottom: view.y + view.height - box.y - box.height };
  };
  const isWhole = async (what: Locator) => Object.values(await inView(what)).every((free) => free >= 0);

  beforeAll(async () => {
    await web.start(
      testHandlers({
        async invoke(invocation, reply) {
          const { input, press } = invocation;
          const isPublic = input.kind === 'options' && input.command === 'note';
          const visibility = isPublic ? 'public' : 'private';
          const message = isPublic ? textMessage('noted') : answerTo(invocation);
          const edit = press?.edit;
          if (edit) await edit(message);
          else await reply({ message, visibility, ok: true, final: true });
        },
      }),
    );
    for (let count = 0; count < 3; count += 1) await post(card(30), `k${count}`);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 900, height: 600 } });
    await page.goto(web.entry.createLink('ada'));
    await page.getByText('line 30').last().waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await web.stop();
    db.close();
  });

  it('has the focus in the message box when it is opened, and takes what is typed while nothing else has it', async () => {
    const typed = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await eventually('the focus', async () => (await typed()) === 'Message #Queue');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.type('so');
    expect(await page.getByRole('combobox', { name: 'Message #Queue' }).inputValue()).toBe('so');
  });

  it('stands below what was typed, from its beginning where it is longer than the window', async () => {
    await list().evaluate((element) => element.scrollTo({ top: 0 }));
    await say('/xax long');
    const asked = answer().getByText('/xax long');
    await asked.waitFor();
    await answer().getByText('line 100').waitFor();
    const { top } = await inView(asked);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThan(30);
    await post(textMessage('news of others'), 'news');
    await page.getByRole('button', { name: 'New messages ↓' }).waitFor();
    expect((await inView(asked)).top).toBe(top);
    await page.getByRole('button', { name: 'New messages ↓' }).click();
    await eventually('the news', () => isWhole(page.getByText('news of others')));
    await post(textMessage('more news'), 'more');
    await eventually('more news', () => isWhole(page.getByText('more news')));
  });

  it('names what a button acts on, and puts the question of a kill below the card, in view until it is answered', async () => {
    const kill = page.getByRole('button', { name: 'Kill job-0000007 lr-3', exact: true }).first();
    await kill.focus();
    await page.keyboard.press('Enter');
    const asked = page
      .getByRole('article', { name: 'Answer only you can see' })
      .filter({ hasText: '/xax kill' });
    await asked.getByText('This cannot be undone').waitFor();
    const yes = page.getByRole('button', { name: 'Kill job-0000007', exact: true });
    await eventually('the question', () => isWhole(yes));
    const previous = await asked.evaluate((element) => element.previousElementSibling!.textContent);
    expect(previous).toContain('lr-3');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Kill');
    for (let count = 0; count < 3; count += 1) await post(card(30), `later ${count}`);
    await eventually(
      'the cards',
      async () => (await page.getByRole('button', { name: 'Note' }).count()) === 6,
    );
    expect(await isWhole(yes)).toBe(true);
    await yes.focus();
    await page.keyboard.press('Enter');
    await asked.getByText('Yes, said Ada.').waitFor();
    await eventually('the focus', () =>
      page.evaluate(() => document.activeElement?.textContent?.includes('Yes, said Ada.')),
    );
  });

  it('goes to the thread where everybody is answered, and to the answer in it', async () => {
    await page.getByRole('button', { name: 'Note job-0000007 lr-3', exact: true }).first().click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    const noted = thread.getByText('noted');
    await noted.waitFor();
    const [box, view] = [(await noted.boundingBox())!, (await thread.getByRole('log').boundingBox())!];
    expect(box.y).toBeGreaterThan(view.y);
    expect(box.y + box.height).toBeLessThan(view.y + view.height);
    await thread.getByRole('button', { name: 'Close the thread' }).click();
    await page.getByRole('button', { name: '2 replies to lr-3 job-0000007' }).waitFor();
  });
});
