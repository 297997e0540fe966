import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../test/browser.ts';
import { toyBot } from '../test/toy-bot.ts';

/** `npm run gallery:chat`: the experiment loop in the chat, on a simulated queue; the README's second picture. */
const PICTURE = 'docs/loop.png';

const folder = mkdtempSync(join(tmpdir(), 'xaxbot-gallery-'));
const world = await toyBot({ folder, settings: { host: 'gpu1' }, launchedSeconds: 1 });
const browser = await launchBrowser();
try {
  const { ask } = world;
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, locale: 'en-GB' });
  await page.goto(world.bot().web!.createLink('ada'));
  const thread = page.getByRole('complementary', { name: 'Thread' });
  const read = async (job: string) => {
    const card = page
      .locator('.channel article', { hasText: job })
      .filter({ has: page.locator('h3', { hasText: job }) });
    await card.getByText('Completed').first().waitFor();
    await card.getByRole('button', { name: /repl/ }).click();
    await thread.getByText('Proposed reading').waitFor();
  };
  await ask('session new lr-study metric=value/loss mode=min target=0.05 runs=20');
  await ask('queue toy name=base hypothesis="a baseline to begin with"');
  await read('job-0000001');
  await ask(
    'queue toy learning_rate=0.03 name=faster parent=base hypothesis="a higher rate gets further in the same steps"',
  );
  await read('job-0000002');
  await ask('verdict 2 refuted next="below 0.01" it stays above the baseline from step 800 on');
  const input = page.locator('.channel textarea');
  await input.fill('/xax suggest');
  await page.keyboard.press('Enter');
  await page.getByText('around the best run').waitFor();
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  await page.screenshot({ path: PICTURE });
  console.log(PICTURE);
} finally {
  await browser.close();
  await world.stop();
  rmSync(folder, { recursive: true });
}
