import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobKeyText } from '../../src/core/job.ts';
import { createUnseenFailures } from '../../src/store/unseen-failures.ts';
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

  it('shows the curve of one ticked run, and of several one over the other', async () => {
    await rows().nth(0).getByRole('checkbox').check();
    await pane().locator('figure.chart').waitFor();
    await rows().nth(1).getByRole('checkbox').check();
    await pane().getByText('learning_rate 0.03 → 0.01').waitFor();
    await pane().locator('figure.chart').waitFor();
    expect(await page.getByRole('tab', { name: 'Curves (2)' }).getAttribute('aria-selected')).toBe('true');
    await page
      .getByLabel('Metric')
      .locator('option', { hasText: 'value/loss' })
      .waitFor({ state: 'attached' });
  });

  it('narrows the list, and says where nothing is left', async () => {
    await page.getByRole('combobox', { name: 'Status' }).selectOption('failed');
    await page.getByText('No runs match.').waitFor();
    expect(await rows().count()).toBe(0);
    await page.getByRole('combobox', { name: 'Status' }).selectOption('');
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

  it('takes the reader to what a button of a run answers, and shows it with that run alone', async () => {
    const answers = () => pane().getByRole('article', { name: 'Answer only you can see' });
    await rows().filter({ hasText: 'job-0000001' }).getByRole('button').click();
    await pane().locator('figure.chart').waitFor();
    await pane().getByRole('button', { name: /^Logs/ }).last().click();
    await answers().getByText('observer log').waitFor();
    await eventually('it is in view', async () => (await answers().boundingBox())!.y > 0);
    await rows().filter({ hasText: 'job-0000002' }).getByRole('button').click();
    await pane().getByText('job-0000002').first().waitFor();
    expect(await answers().count()).toBe(0);
    await page.getByRole('tab', { name: /^Curves/ }).click();
    await pane().locator('figure.chart').waitFor();
    expect(await answers().count()).toBe(0);
    await rows().filter({ hasText: 'job-0000001' }).getByRole('button').click();
    await answers().getByText('observer log').waitFor();
  });

  it('draws what another tab shows anew, not into the charts of the one before', async () => {
    const tab = (name: string) => page.getByRole('tab', { name });
    const card = () => pane().locator('.card').last();
    for (const name of ['Week', 'Now']) {
      await tab(name).click();
      await pane()
        .getByText(name === 'Now' ? 'Observer' : 'on failed jobs')
        .first()
        .waitFor();
    }
    await card().evaluate((element) => element.setAttribute('data-of', 'now'));
    await tab('Week').click();
    await pane().getByText('on failed jobs').first().waitFor();
    expect(await card().getAttribute('data-of')).toBeNull();
  });

  it('has all that was chosen in its address, for a reload, a link to it and the way back', async () => {
    const tab = (name: RegExp) => page.getByRole('tab', { name });
    await page.getByRole('searchbox', { name: 'Task' }).fill('toy');
    await page.waitForURL(/task=toy(&|$)/);
    await page.getByRole('combobox', { name: 'Status' }).selectOption('completed');
    await eventually('the two', async () => (await rows().count()) === 2);
    await tab(/^Curves/).click();
    await page.getByRole('combobox', { name: 'Over' }).selectOption('relative');
    await page.reload();
    await pane().locator('figure.chart').waitFor();
    expect(await tab(/^Curves/).textContent()).toBe('Curves (2)');
    expect(await page.getByRole('combobox', { name: 'Over' }).inputValue()).toBe('relative');
    expect(await page.getByRole('searchbox', { name: 'Task' }).inputValue()).toBe('toy');
    await eventually('the two', async () => (await rows().count()) === 2);

    await rows().first().getByRole('button').click();
    await pane().getByText('job-0000002').first().waitFor();
    const other = await browser.newPage();
    await other.goto(`${world.bot().web!.createLink('bob')}`);
    await other.locator('.channel').waitFor();
    await other.goto(page.url());
    await other.getByRole('tabpanel').getByText('job-0000002').first().waitFor();
    expect(await other.getByRole('combobox', { name: 'Status' }).inputValue()).toBe('completed');
    await other.close();

    await page.goBack();
    await pane().locator('figure.chart').waitFor();
    expect(await tab(/^Curves/).getAttribute('aria-selected')).toBe('true');
    await page.getByRole('searchbox', { name: 'Task' }).fill('');
    await page.getByRole('combobox', { name: 'Status' }).selectOption('');
  });

  it('keeps itself up to date without anybody being taken to have looked', async () => {
    const unseen = () => createUnseenFailures(world.bot().app.parts.db).due(Number.MAX_SAFE_INTEGER, 10);
    const failing = world.queue.enqueue({
      ...{ taskKey: 'examples.toy.ToyRegression', settings: {}, steps: 100, seconds: 2 },
      fate: 'fails',
    });
    const row = rows().filter({ hasText: failing.jobId });
    await row.getByRole('button').click();
    await eventually('it has failed', () => unseen().length === 1);
    await eventually('its failure is in the pane', async () =>
      ((await pane().textContent()) ?? '').includes('failed'),
    );
    await page.reload();
    await pane().getByText(failing.jobId).first().waitFor();
    expect(unseen().map(({ job }) => job)).toEqual([jobKeyText(failing)]);
    await page.getByRole('tab', { name: 'Now' }).click();
    await row.getByRole('button').click();
    await eventually('somebody has looked', () => unseen().length === 0);
  });

  it('is up to date when its tab is seen again', async () => {
    const turn = (hidden: boolean) =>
      page.evaluate((isHidden) => {
        Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await turn(true);
    const count = await rows().count();
    const { jobId } = await world.enqueue(0.3);
    await world.ended(jobId);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await rows().count()).toBe(count);
    await turn(false);
    await eventually('the new one', async () => (await rows().count()) === count + 1);
  });

  it('on a phone shows the list or what was chosen, with a way back, and fits', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    await page.getByRole('tab', { name: 'List' }).click();
    await eventually('the runs', async () => (await rows().count()) === 5);
    expect(await page.locator('.run-pane').count()).toBe(0);
    await rows().first().getByRole('button').click();
    await pane().getByText('job-0000005').first().waitFor();
    expect(await page.locator('.run-list').count()).toBe(0);
    await page.goBack();
    await rows().first().waitFor();
    await page.reload();
    await eventually('the runs', async () => (await rows().count()) === 5);
    const wide = await page.evaluate(
      () =>
        [...document.querySelectorAll('.runs *')].filter((each) => each.getBoundingClientRect().right > 401)
          .length,
    );
    expect(wide).toBe(0);
    expect(problems).toEqual([]);
  });
});
