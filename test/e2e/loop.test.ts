import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { type ToyBot, toyBot } from '../toy-bot.ts';

describe('the experiment loop in a browser', () => {
  let world: ToyBot;
  let browser: Browser;
  let page: Page;
  const say = async (text: string) => {
    await page.locator('.channel textarea').fill(text);
    await page.keyboard.press('Enter');
  };
  const thread = () => page.getByRole('complementary', { name: 'Thread' });
  const openThread = async (job: string) => {
    const card = page
      .locator('.channel article', { hasText: job })
      .filter({ has: page.locator('h3', { hasText: job }) });
    await card.getByText('Completed').first().waitFor();
    await card.getByRole('button', { name: /repl/ }).click();
  };

  beforeAll(async () => {
    world = await toyBot({ launchedSeconds: 0.4 });
    browser = await launchBrowser();
    page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    await page.goto(world.bot().web!.createLink('ada'));
    await page.getByRole('heading', { name: 'Queue' }).first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });

  it('goes from the objective to a plan, its run, its reading and the verdict', async () => {
    await say('/xax session new study metric=value/loss mode=min');
    await page.getByText('New session').waitFor();
    await say('/xax plan toy hypothesis="a baseline to begin with" name=base');
    const plan = page.locator('.channel article', { hasText: 'Planned' }).last();
    await plan.getByRole('button', { name: 'Queue it' }).click();
    await openThread('job-0000001');
    await thread().getByText('Proposed reading').waitFor();
    await thread().getByRole('button', { name: 'Verdict' }).last().click();
    const form = page.getByRole('dialog');
    await form.getByRole('heading', { name: 'Verdict', exact: true }).waitFor();
    await form.getByText('job-0000001', { exact: true }).waitFor();
    expect(await form.locator('label').allInnerTexts()).toEqual([
      'What the run showed',
      'What was seen optional',
      'What to do next optional',
    ]);
    await form.getByLabel('What the run showed').selectOption('confirmed');
    await form.getByLabel('What was seen').fill('it learns');
    await form.getByRole('button', { name: 'Save verdict' }).click();
    await form.waitFor({ state: 'detached' });
    await page.getByText('confirmed: it learns').first().waitFor();
  });

  it('goes on with what is suggested, and ends in the report', async () => {
    await say('/xax suggest');
    const suggestion = page
      .locator('.channel article', { hasText: 'so a moderate step there is the most informative' })
      .last();
    await suggestion.getByText('around the best run base').waitFor();
    await suggestion.getByRole('button', { name: 'Queue', exact: true }).click();
    await openThread('job-0000002');
    await thread()
      .getByText(/than the parent base/)
      .first()
      .waitFor();
    await say('/xax report');
    const report = page.locator('.channel article', { hasText: 'experiment_report.md' }).last();
    await report.getByRole('slider', { name: /Scoreboard of study/ }).waitFor();
    const written = readFileSync(join(world.folder, 'experiments/study/experiment_report.md'), 'utf8');
    expect(written).toContain('- base: confirmed: it learns (hypothesis: a baseline to begin with)');
    expect(written).toMatch(
      /- (plan-1|job-0000002): learning_rate 0\.01 -> .* shows whether .* than in base/,
    );
  });
});
