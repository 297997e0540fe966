import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../../test/browser.ts';
import { createHome, knowing } from '../bots.ts';
import { type Probe, type Run, type Tree, Unmeasured, type Workload } from '../measure.ts';

const MESSAGES = 5_000;
const JOBS = 10;

/** A channel with 5,000 messages, from the navigation until its last message stands and can be answered, milliseconds. */
export const usable: Workload = async (run, tree) => {
  const { page, close } = await openPage(run, tree);
  return {
    async sample() {
      await page.reload({ waitUntil: 'commit' });
      await page.locator('.channel textarea').waitFor();
      await page.getByText(`message ${MESSAGES} `).waitFor();
      return page.evaluate(() => performance.now());
    },
    close,
  };
};

/** From the request that says something to the frame of another's page that shows it, in a channel with 5,000, milliseconds. */
export const shown: Workload = async (run, tree) => {
  const { page, say, close } = await openPage(run, tree);
  let count = 0;
  return {
    async sample() {
      count += 1;
      const text = `new ${count} is here`;
      const shownAt = await page.evaluateHandle(watchFor, text);
      const sent = performance.timeOrigin + performance.now();
      await say(text);
      return (await shownAt.evaluate(({ at }) => at)) - sent;
    },
    close,
  };
};

/** In the page: waits from now on for a text in the channel, and tells when the frame after it began, in milliseconds of the epoch. */
function watchFor(wanted: string): { at: Promise<number> } {
  const at = new Promise<number>((resolve, reject) => {
    const look = () => {
      if (!document.querySelector('.channel')?.textContent?.includes(wanted)) return;
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    setTimeout(() => reject(new Error(`"${wanted}" was not shown`)), 30_000);
  });
  return { at };
}

async function openPage(
  run: Run,
  tree: Tree,
): Promise<{ page: Page; say(text: string): Promise<void>; close: Probe['close'] }> {
  const home = createHome(run, tree, JOBS);
  const first = await knowing(home);
  await (await first.enter()).postTo('api/say', {
    channel: 'queue',
    thread: null,
    text: 'message 0 of many',
  });
  await first.stop();
  multiply(join(home.folder, 'data'));
  const bot = await home.start();
  // A link lets one browser in: the page gets the start's, and who writes one that is made for it.
  const link = (await bot.terminal('web-link')).match(/http:\S+#enter=\S+/)?.[0];
  if (!link) throw new Unmeasured('the bot gave no link into the chat');
  const writer = await bot.enter();
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(link);
  await page.getByText(`message ${MESSAGES} `).waitFor();
  return {
    page,
    async say(text) {
      await writer.postTo('api/say', { channel: 'queue', thread: null, text });
    },
    async close() {
      await browser.close();
      await bot.stop();
      home.remove();
    },
  };
}

/** Writes a person's message 5,000 times more, as whichever version wrote it: nobody may say that many. */
function multiply(data: string): void {
  const name = readdirSync(data).find((file) => /\.(db|sqlite)$/.test(file));
  if (!name) throw new Unmeasured(`there is no database in ${data}`);
  const db = new DatabaseSync(join(data, name));
  const columns = db.prepare("SELECT name FROM pragma_table_info('web_messages')").all();
  const copied = columns
    .map((column) => String(column.name))
    .filter((each) => !['id', 'seq', 'key', 'body'].includes(each));
  const add = db.prepare(
    `INSERT INTO web_messages (id, seq, key, body, ${copied.join(', ')})
     SELECT id + :more, (SELECT max(seq) FROM web_messages) + 1, 'copy' || :more,
       replace(body, 'message 0 of', 'message ' || :more || ' of'), ${copied.join(', ')}
     FROM web_messages WHERE body LIKE '%message 0 of%'`,
  );
  db.exec('BEGIN');
  for (let more = 1; more <= MESSAGES; more += 1) add.run({ more });
  db.exec('COMMIT');
  db.close();
}
