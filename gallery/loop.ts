import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulatedQueue } from '../src/queue/simulated/index.ts';
import { startTestBot } from '../test/bot.ts';
import { launchBrowser } from '../test/browser.ts';

/** `npm run gallery:chat`: the experiment loop in the chat, on a simulated queue; the README's second picture. */
const PICTURE = 'docs/loop.png';

const folder = mkdtempSync(join(tmpdir(), 'xaxbot-gallery-'));
mkdirSync(join(folder, 'project'));
const bot = await startTestBot({
  folder,
  home: folder,
  yaml: `host: gpu1
watch: {defaults: false}
people:
  ada: {name: Ada, role: admin, unix: root}
presets:
  toy:
    cwd: ${join(folder, 'project')}
    argv: [python, -m, examples.toy]
    options:
      learning_rate: {type: number, min: 0.0001, max: 1, default: 0.01}
`,
  queue: () =>
    createSimulatedQueue({
      name: 'gpu1',
      folder,
      script: { history: [], waiting: [], later: [] },
      seed: 3,
      clock: Date.now,
      tickMs: 20,
      launchedSeconds: 1,
    }),
});
const browser = await launchBrowser();
try {
  const ada = { id: 'ada', name: 'Ada', role: 'admin' as const };
  const ask = (words: string) => bot.ask(words, { person: ada });
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, locale: 'en-GB' });
  await page.goto(bot.web!.createLink('ada'));
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
  await bot.app.stop();
  rmSync(folder, { recursive: true });
}
