import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { eventually } from '../helpers.ts';
import { toyBot } from '../toy-bot.ts';

describe('the page of runs', () => {
  let world: Awaited<ReturnType<typeof toyBot>>;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  const rows = () => page.locator('.run-rows li');
  const pane = () => page.getByRole('tabpanel');

  beforeAll(async () => {
    world = await toyBot({ launchedSeconds: 60 });
    for (const learning_rate of ['0.01', '0.03']) await world.enqueue(0.3, { learning_rate });
    await world.ended('job-0000002');
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${world.bot().web!.createLink('ada')}`);
    await page.getByRole('button', { name: 'Runs', exact: true }).click();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });

  it('lists what there was, and stands in the address', async () => {
    await eventually('both runs', async () => (await rows().count()) === 2);
    expect(new URL(page.url()).hash).toBe('#runs');
    expect(await rows().first().textContent()).toContain('job-0000002');
  });

  it('lays the curves of ticked runs over one another', async () => {
    for (const index of [0, 1]) await rows().nth(index).getByRole('checkbox').check();
    await pane().getByText('learning_rate 0.03 → 0.01').waitFor();
    await pane().locator('figure.chart').waitFor();
    expect(await page.getByRole('tab', { name: 'Curves (2)' }).getAttribute('aria-selected')).toBe('true');
    await page
      .getByLabel('Metric')
      .locator('option', { hasText: 'value/loss' })
      .waitFor({ state: 'attached' });
  });

  it('narrows the list, and says where nothing is left', async () => {
    await page.getByLabel('Status').selectOption('failed');
    await page.getByText('No runs match.').waitFor();
    expect(await rows().count()).toBe(0);
    await page.getByLabel('Status').selectOption('');
    await page.getByRole('searchbox', { name: 'Task' }).fill('toyreg');
    await eventually('both again', async () => (await rows().count()) === 2);
  });

  it('follows the queue, and asks before a kill where it was pressed', async () => {
    await world.enqueue(60);
    const newest = rows().first().getByRole('button');
    await eventually('it runs', async () =>
      /job-0000003[\s\S]*running/.test((await newest.textContent()) ?? ''),
    );
    await newest.click();
    await pane()
      .getByRole('button', { name: /^Kill job-0000003/ })
      .click();
    await pane()
      .getByRole('article', { name: 'Answer only you can see' })
      .getByRole('button', { name: /^Kill/ })
      .click();
    expect(await page.locator('.channel').count()).toBe(0);
    await eventually('it is killed', async () =>
      /job-0000003[\s\S]*(failed|killed)/.test((await newest.textContent()) ?? ''),
    );
  });

  it('fits a phone, and opens there by its address', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    await page.reload();
    await eventually('the runs', async () => (await rows().count()) === 3);
    const wide = await page.evaluate(
      () =>
        [...document.querySelectorAll('.runs *')].filter((each) => each.getBoundingClientRect().right > 401)
          .length,
    );
    expect(wide).toBe(0);
    expect(problems).toEqual([]);
  });
});
