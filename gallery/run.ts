import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as discordLimits from '../adapters/discord/limits.ts';
import { render as renderForDiscord } from '../adapters/discord/render.ts';
import * as slackLimits from '../adapters/slack/limits.ts';
import { render as renderForSlack } from '../adapters/slack/render.ts';
import { createChartService } from '../src/charts/service.ts';
import type { Message } from '../src/core/message.ts';
import { plainText } from '../src/core/plain-text.ts';
import { createActions } from '../src/store/actions.ts';
import { createChatStore } from '../src/store/chat.ts';
import { openDb } from '../src/store/db.ts';
import { createFileStore } from '../src/store/files.ts';
import { launchBrowser } from '../test/browser.ts';
import { testHandlers } from '../test/handlers.ts';
import { createTestWeb } from '../test/web-adapter.ts';
import { NOW, type Sample, samples } from './samples.ts';

/** `npm run gallery`: every card in every state as each platform gets it, and the web chat as it looks. */
const OUT = 'gallery/out';

const folder = mkdtempSync(join(tmpdir(), 'xaxbot-gallery-'));
mkdirSync(OUT, { recursive: true });
const db = openDb(folder);
const files = createFileStore(folder);
const actions = createActions(db, Date.now);
try {
  const all = samples(await drawChart());
  const pictures = await webPictures(all);
  writeFileSync(join(OUT, 'index.html'), page(all, pictures));
  console.log(`${all.length} messages, in ${OUT}/index.html`);
} finally {
  db.close();
  rmSync(folder, { recursive: true });
}

async function drawChart() {
  const length = 200;
  const steps = Float64Array.from({ length }, (_, index) => index * 200);
  const values = steps.map((step) => 2.6 + 2 * Math.exp(-step / 6_000) + 0.08 * Math.sin(step / 700));
  const wallTimes = steps.map((step) => NOW / 1000 - 3_000 + step / 14);
  const charts = createChartService({ files, env: process.env, compileCache: undefined });
  const series = { tag: 'value/loss', length, steps, wallTimes, values };
  const best = { ...series, values: steps.map((step) => 2.45 + 2.2 * Math.exp(-step / 9_000)) };
  return charts.draw({
    title: 'job-0000042 value/loss',
    curves: [
      { label: 'job-0000042 learning_rate=0.006 warmup_steps=500', series },
      { label: 'best job-0000040 learning_rate=0.003', series: best, behind: true },
    ],
  });
}

/** Each message as a picture of the real page, light and dark. */
async function webPictures(all: readonly Sample[]): Promise<string[]> {
  const web = createTestWeb(db, {
    store: createChatStore(db, () => NOW),
    channels: () => [{ id: 'gallery', title: 'Gallery', description: '' }],
    personById: (id) => ({ id, name: id, role: 'admin' }),
    pathOf: files.pathOf,
    about: () => ({ hostLabel: 'gpu1', simulated: false }),
  });
  await web.start(testHandlers());
  for (const [index, { message }] of all.entries())
    await web.post({ channel: 'gallery' }, message, `g${index}`);
  const browser = await launchBrowser();
  try {
    for (const scheme of ['light', 'dark'] as const) {
      const tab = await browser.newPage({ colorScheme: scheme, viewport: { width: 1_000, height: 900 } });
      await tab.goto(web.entry.createLink('ada'));
      const rows = tab.locator('article');
      await rows.nth(all.length - 1).waitFor();
      await tab.waitForFunction(() => [...document.images].every((image) => image.complete));
      for (let index = 0; index < all.length; index += 1) {
        await rows.nth(index).scrollIntoViewIfNeeded();
        if ((await rows.nth(index).locator('figure').count()) > 0)
          await rows.nth(index).getByRole('slider').first().waitFor();
        await rows.nth(index).screenshot({ path: join(OUT, `${index}-${scheme}.png`) });
      }
      await tab.close();
    }
  } finally {
    await browser.close();
    await web.stop();
  }
  return all.map((_, index) => String(index));
}

interface Payload {
  used: string;
  degraded: readonly string[];
  json: string;
}

function forSlack(message: Message): Payload {
  const { text, blocks, degraded } = renderForSlack(message, {
    accountOf: () => 'U0ADA',
    actions,
    imageId: () => 'F0CHART',
    timezone: 'UTC',
    now: NOW,
    surface: 'message',
  });
  const json = JSON.stringify(blocks, null, 1);
  const size = JSON.stringify(blocks).length;
  const used = [
    share('blocks', blocks.length, slackLimits.BLOCKS_MAX.message),
    share('characters of blocks', size, slackLimits.BLOCKS_SIZE_MAX),
    share('text', text.length, slackLimits.TEXT_MAX),
  ].join(', ');
  return { used, degraded, json };
}

function forDiscord(message: Message): Payload {
  const { container, degraded } = renderForDiscord(message, {
    accountOf: () => '1',
    actions,
    timezone: 'UTC',
    now: NOW,
  });
  const count =
    1 +
    container.components.reduce(
      (sum, each) => sum + 1 + ('components' in each ? each.components.length : 0),
      0,
    );
  const text = container.components.reduce(
    (sum, each) => sum + ('content' in each ? each.content.length : 0),
    0,
  );
  const used = [
    share('components', count, discordLimits.COMPONENTS_MAX),
    share('characters of text', text, discordLimits.TEXT_TOTAL_MAX),
  ].join(', ');
  return { used, degraded, json: JSON.stringify(container, null, 1) };
}

function share(what: string, used: number, most: number): string {
  return `${used} of ${most} ${what}`;
}

function page(all: readonly Sample[], pictures: readonly string[]): string {
  const payload = (name: string, { used, degraded, json }: Payload) =>
    `<details><summary>${name}: ${used}${degraded.length > 0 ? `; shown otherwise: ${html(degraded.join(', '))}` : ''}</summary><pre>${html(json)}</pre></details>`;
  const body = all.map(({ group, name, message }, index) => {
    const before = all[index - 1]?.group;
    const title = group === before ? '' : `<h2>${html(group)}</h2>`;
    return `${title}<section><h3>${html(name)}</h3>
<div class="web"><img src="${pictures[index]}-light.png" alt="light"><img src="${pictures[index]}-dark.png" alt="dark"></div>
<pre>${html(shortened(plainText(message, { now: NOW })))}</pre>
${payload('Slack', forSlack(message))}${payload('Discord', forDiscord(message))}</section>`;
  });
  return `<!doctype html><meta charset="utf-8"><title>xaxbot: every card</title>
<style>body{font:15px/1.5 system-ui;margin:2rem auto;max-width:72rem;padding:0 1rem}pre{background:#f4f5f7;padding:.7rem;overflow:auto;max-height:22rem}
.web{display:flex;gap:1rem;flex-wrap:wrap}.web img{max-width:48%;border:1px solid #ddd}section{border-top:1px solid #ddd;padding:1rem 0}</style>
<h1>Every card in every state</h1>${body.join('\n')}`;
}

function shortened(text: string): string {
  return text.length > 3_000 ? `${text.slice(0, 1_500)}\n…\n${text.slice(-1_500)}` : text;
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
