import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecordedHome, startTestBot } from '../test/bot.ts';
import { launchBrowser } from '../test/browser.ts';

/** `npm run gallery:chat`: the whole chat on the recorded queue, in widths and themes; the wide light one is README's. */
const OUT = 'gallery/out';
const README_PICTURE = 'docs/chat.png';
/** When the recorded day ended, epoch seconds; its times are shown as if that were now. */
const RECORDED_END = 1795447056;
const SIZES = [
  { width: 1280, height: 860 },
  { width: 400, height: 860 },
];
const YAML = `host: gpu1
watch: {defaults: false}
session: {objective: {metric: value/loss, mode: min}}
people:
  ada: {name: Ada, role: admin, unix: root}
`;

const folder = mkdtempSync(join(tmpdir(), 'xaxbot-gallery-'));
mkdirSync(OUT, { recursive: true });
const recorded = createRecordedHome(folder);
const shift = Date.now() / 1000 - RECORDED_END;
const asNow = (state: string) => state.replace(/\b1795\d{6}\.\d+/g, (time) => String(Number(time) + shift));
recorded.show('028.json', asNow);
const observer = { hostname: 'gpu1', pid: process.pid, started_at: RECORDED_END + shift, status: 'idle' };
const beat = () =>
  writeFileSync(
    join(recorded.home, 'queue_observer.json'),
    JSON.stringify({ ...observer, updated_at: Date.now() / 1000 }),
  );
beat();
const bot = await startTestBot({ folder, home: recorded.home, yaml: YAML });
const browser = await launchBrowser();
try {
  const ada = { id: 'ada', name: 'Ada', role: 'admin' as const };
  await bot.ask('hypothesis add job=9 parent=job-0000006 "a lower rate ends lower, given the steps"', {
    person: ada,
  });
  beat();
  recorded.show('030.json', asNow);
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of SIZES) {
      const page = await browser.newPage({ colorScheme, viewport, locale: 'en-GB' });
      await page.goto(bot.web!.createLink('ada'));
      const card = (job: string) =>
        page
          .locator('.channel article', { hasText: job })
          .filter({ has: page.locator('h3', { hasText: job }) });
      await card('job-0000009').getByRole('slider').first().waitFor();
      if (viewport.width > 800) {
        await card('job-0000008').getByRole('button', { name: /repl/ }).click();
        await page.getByRole('complementary', { name: 'Thread' }).getByText('Cause:').waitFor();
      }
      await card('job-0000009').evaluate((element) => element.scrollIntoView({ block: 'end' }));
      await page.waitForFunction(() => [...document.images].every((image) => image.complete));
      await page.screenshot({ path: join(OUT, `chat-${viewport.width}-${colorScheme}.png`) });
      if (viewport.width > 800 && colorScheme === 'light') await page.screenshot({ path: README_PICTURE });
      await page.close();
    }
  }
  console.log(`${README_PICTURE} and ${OUT}/chat-*.png`);
} finally {
  await browser.close();
  await bot.app.stop();
  rmSync(folder, { recursive: true });
}
