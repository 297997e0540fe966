import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { openChat } from './chat-page.ts';

describe('the chat in a browser, on a recorded queue', () => {
  const chat = openChat();

  beforeAll(async () => {
    for (const state of ['029.json', '030.json']) chat.home.show(state);
    await chat.card('job-0000009').getByText('Running').first().waitFor();
  });

  it('lets a viewer look and nothing else, at 400 pixels too', async () => {
    const narrow = await (await chat.browser.newContext({ viewport: { width: 400, height: 800 } })).newPage();
    await narrow.goto(chat.bot.web!.createLink('eve'));
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
    const list = chat.page.getByRole('log', { name: 'Messages', exact: true });
    const belowIt = () =>
      list.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
    await list.evaluate((element) => element.scrollTo({ top: 0 }));
    await eventually('it is scrolled up', async () => (await belowIt()) > 500);
    await chat.say('/xax verdicts');
    await chat.page.getByText('No run waits for a verdict').last().waitFor();
    await eventually('it is at the end', async () => (await belowIt()) < 10);
    expect(await chat.page.getByRole('button', { name: /New messages/ }).count()).toBe(0);
  });

  it('wraps long texts in a table of many columns, so that none is cut off beside the card', async () => {
    await chat.say('/xax jobs');
    const table = chat.page
      .getByRole('article', { name: 'Answer only you can see' })
      .last()
      .getByRole('table');
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
    const narrow = await (await chat.browser.newContext(phone)).newPage();
    await narrow.goto(chat.bot.web!.createLink('ada'));
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

  it('made no error in the page', () => {
    expect(chat.errors()).toEqual([]);
  });
});
