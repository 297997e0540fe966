import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textMessage } from '../src/core/message.ts';
import { openDb } from '../src/store/db.ts';
import { launchBrowser } from '../test/browser.ts';
import { testHandlers } from '../test/handlers.ts';
import { createTestWeb } from '../test/web-adapter.ts';
import { type Bench, percentile } from './table.ts';

const MESSAGES = 5_000;
const ROUNDS = 7;

/** A channel with 5,000 messages in a browser: from the navigation until its last message stands and can be answered. */
export async function benchPage(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bench-'));
  const db = openDb(folder);
  const web = createTestWeb(db, { personById: (id) => ({ id, name: id, role: 'admin' }) });
  await web.start(testHandlers());
  for (let count = 1; count <= MESSAGES; count += 1)
    await web.post({ channel: 'queue' }, textMessage(`message ${count}`, 'good'), `k${count}`);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(web.entry.createLink('ada'));
    await page.getByText(`message ${MESSAGES}`).waitFor();
    const samples: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await page.reload({ waitUntil: 'commit' });
      await page.locator('.channel textarea').waitFor();
      await page.getByText(`message ${MESSAGES}`).waitFor();
      samples.push(await page.evaluate(() => performance.now()));
    }
    return {
      name: `A channel of ${MESSAGES.toLocaleString('en-US')} messages in a browser`,
      rows: [
        { what: 'usable after a load, median', value: percentile(samples, 0.5), unit: 'ms', target: 300 },
      ],
    };
  } finally {
    await browser.close();
    await web.stop();
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
