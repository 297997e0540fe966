import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { type ToyBot, toyBot } from '../toy-bot.ts';

const SETTINGS = {
  presets: {
    toy: {
      options: {
        learning_rate: { description: 'step size' },
        optimizer: { type: 'choice', choices: ['adam', 'sgd'], default: 'sgd' },
        batch_size: { type: 'integer', min: 1, max: 4096, default: '32' },
        amp: { type: 'boolean', default: 'true' },
      },
    },
    gpt: {
      description: 'a small language model',
      cwd: '/tmp',
      argv: ['python', '-m', 'examples.gpt'],
      options: { learning_rate: { type: 'number', default: '0.5' } },
    },
  },
};

describe('a form in a browser', () => {
  let world: ToyBot;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    world = await toyBot({ settings: SETTINGS, launchedSeconds: 0.2 });
    await world.said('plan toy learning_rate=0.3 hypothesis="a higher rate gets further" name=faster');
    browser = await launchBrowser();
    page = await browser.newPage({ locale: 'en-GB', viewport: { width: 400, height: 800 } });
    await page.goto(world.bot().web!.createLink('ada'));
    await page.getByRole('heading', { name: 'Queue' }).first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });
  beforeEach(async () => {
    await page.reload();
    await page.locator('.channel').getByRole('button', { name: 'Queue a run' }).first().click();
    await form().getByRole('heading', { name: 'Queue a run' }).waitFor();
  });

  const form = () => page.getByRole('dialog');
  const field = (label: string) => form().getByLabel(label);
  const choose = async (preset: string) => {
    await field('Preset').selectOption(preset);
    await field('batch_size').waitFor({ state: preset === 'toy' ? 'visible' : 'detached' });
    await field('learning_rate').waitFor();
  };

  it("asks for the chosen preset's settings, each in its kind of field, and keeps what was typed", async () => {
    await field('Hypothesis').fill('typed before');
    await choose('toy');
    const kinds = ['learning_rate', 'optimizer', 'batch_size', 'amp'].map(async (name) =>
      field(name).evaluate(
        (element) => (element as HTMLInputElement).getAttribute('role') ?? (element as HTMLInputElement).type,
      ),
    );
    expect(await Promise.all(kinds)).toEqual(['number', 'select-one', 'number', 'switch']);
    expect([await field('optimizer').inputValue(), await field('amp').isChecked()]).toEqual(['sgd', true]);
    expect(await field('Position in the queue').isVisible()).toBe(false);
    await field('learning_rate').fill('0.2');
    await choose('gpt');
    // What was typed goes with it, the other preset's own defaults do not.
    expect(await field('learning_rate').inputValue()).toBe('0.2');
    await choose('toy');
    await field('amp').uncheck();
    await form().getByRole('button', { name: 'Queue run' }).click();
    await form().waitFor({ state: 'detached' });
    await page
      .getByText('/xax queue toy hypothesis="typed before" learning_rate=0.2 amp=false')
      .first()
      .waitFor();
  });

  it('shows a mistake beside its field, unfolded and focused, and loses nothing', async () => {
    await choose('toy');
    await field('Expected').fill('below 0.1');
    await form().getByText('More options').click();
    await field('Name').fill('../up');
    await form().getByText('More options').click();
    await form().getByRole('button', { name: 'Queue run' }).click();
    await form().getByRole('alert').getByText('cannot name an experiment').waitFor();
    const name = field('Name');
    expect(await name.evaluate((element) => element === document.activeElement)).toBe(true);
    const said = await name.evaluate((element) => {
      const ids = element.getAttribute('aria-describedby')!.split(' ');
      return [element.getAttribute('aria-invalid'), document.getElementById(ids[0]!)!.textContent];
    });
    expect(said).toEqual(['true', expect.stringContaining('cannot name an experiment')]);
    expect(await field('Expected').inputValue()).toBe('below 0.1');
  });

  it('says beside its field what a value must be, by itself, and no longer once it is changed', async () => {
    await choose('toy');
    const send = () => form().getByRole('button', { name: 'Queue run' }).click();
    const told = () => form().getByRole('alert').allTextContents();
    const focused = () => page.evaluate(() => (document.activeElement as HTMLInputElement).name);
    for (const [label, value, words] of [
      ['learning_rate', '5', 'It takes a number from 0.00001 to 1.'],
      ['learning_rate', '', 'This is needed.'],
      ['learning_rate', 'e', 'It takes a number from 0.00001 to 1.'],
      ['batch_size', '5000', 'It takes a whole number from 1 to 4096.'],
      ['batch_size', '1.5', 'It takes a whole number from 1 to 4096.'],
    ] as const) {
      await field(label).fill('');
      await field(label).pressSequentially(value);
      await send();
      await expect.poll(told).toEqual([words]);
      expect(await focused()).toBe(`settings.${label}`);
      expect(await field(label).getAttribute('aria-invalid')).toBe('true');
      await field(label).fill(label === 'batch_size' ? '64' : '0.1');
      await expect.poll(told).toEqual([]);
    }
    await form().getByText('More options').click();
    await field('Position in the queue').fill('0');
    await form().getByText('More options').click();
    await send();
    await expect.poll(told).toEqual(['It takes a whole number from 1.']);
    expect(await field('Position in the queue').isVisible()).toBe(true);
    // The browser's own bubble would be in its own words, over the form.
    expect(
      await form()
        .locator('form')
        .evaluate((element: HTMLFormElement) => element.noValidate),
    ).toBe(true);
  });

  it('says without alarm that what was typed is kept', async () => {
    await field('Hypothesis').fill('typed');
    await page.keyboard.press('Escape');
    const note = form().getByRole('status').getByText('What you typed is still here');
    await note.waitFor();
    const [said, ordinary, wrong] = await note.evaluate((element) => {
      const probe = document.createElement('p');
      probe.className = 'problem';
      element.after(probe);
      return [element, element.closest('form')!, probe].map((each) => getComputedStyle(each).color);
    });
    expect(said).toBe(ordinary);
    expect(said).not.toBe(wrong);
    expect(await form().getByRole('alert').count()).toBe(0);
  });

  it('takes what was planned of an experiment that is chosen in it', async () => {
    await form().getByText('More options').click();
    await field('Planned experiment').fill('faster');
    await field('Planned experiment').press('Tab');
    await field('learning_rate').waitFor();
    expect([await field('learning_rate').inputValue(), await field('Hypothesis').inputValue()]).toEqual([
      '0.3',
      'a higher rate gets further',
    ]);
    await form().getByRole('button', { name: 'Queue run' }).click();
    await form().waitFor({ state: 'detached' });
    await page.getByText('/xax queue experiment=faster').first().waitFor();
  });
});
