import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formOf as discordForm } from '../adapters/discord/forms.ts';
import * as discordLimits from '../adapters/discord/limits.ts';
import { render as renderForDiscord } from '../adapters/discord/render.ts';
import * as slackLimits from '../adapters/slack/limits.ts';
import { formView } from '../adapters/slack/modal.ts';
import { render as renderForSlack } from '../adapters/slack/render.ts';
import { createPictures } from '../src/charts/pictures.ts';
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
import { drawDiscord, drawDiscordForm } from './draw-discord.ts';
import { drawSlack, drawSlackForm } from './draw-slack.ts';
import { type FormSample, formSamples } from './forms.ts';
import { galleryPage, type Shown, type Theme } from './page.ts';
import { NOW, type Sample, samples } from './samples.ts';
import { html } from './words.ts';

/** `npm run gallery`: every card and form in every state as each platform draws it, light and dark. */
const OUT = 'gallery/out';
/** What the page's pictures are of, pixels: as much as a column of the gallery shows at its size. */
const WEB = { width: 520, height: 1_800 };
/** The chart as both platforms show it. */
const CHART = 'chart.png';

const folder = mkdtempSync(join(tmpdir(), 'xaxbot-gallery-'));
mkdirSync(OUT, { recursive: true });
const db = openDb(folder);
const files = createFileStore(folder);
const actions = createActions(db, Date.now);
try {
  const chart = await drawChart();
  const pictures = createPictures({ files, env: process.env, compileCache: undefined });
  copyFileSync((await pictures.fileAt(chart.image))!, join(OUT, CHART));
  const all = samples(chart);
  const forms = formSamples();
  await webPictures(all, forms);
  const shown = [...all.map(messageShown), ...forms.map(formShown)];
  writeFileSync(join(OUT, 'index.html'), galleryPage(shown));
  console.log(`${all.length} messages and ${forms.length} forms, in ${OUT}/index.html`);
} finally {
  db.close();
  rmSync(folder, { recursive: true });
}

async function drawChart() {
  const length = 200;
  const steps = Float64Array.from({ length }, (_, index) => index * 200);
  const values = steps.map((step) => 2.6 + 2 * Math.exp(-step / 6_000) + 0.08 * Math.sin(step / 700));
  const wallTimes = steps.map((step) => NOW / 1000 - 3_000 + step / 14);
  const charts = createChartService({ files });
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

/** Each message and form as a picture of the real page, light and dark. */
async function webPictures(all: readonly Sample[], forms: readonly FormSample[]): Promise<void> {
  const web = createTestWeb(db, {
    store: createChatStore(db, () => NOW),
    channels: () => [{ id: 'gallery', title: 'Gallery', description: '' }],
    personById: (id) => ({ id, name: id, role: 'admin' }),
    fileAt: async (file) => files.pathOf(file),
    about: () => ({ hostLabel: 'gpu1', simulated: false }),
  });
  await web.start(testHandlers({ form: async (_invocation, _command, { at }) => forms[Number(at)]!.modal }));
  for (const [index, { message }] of all.entries())
    await web.post({ channel: 'gallery' }, message, `g${index}`);
  const buttons = forms.map(({ name }, at) => ({
    label: name,
    command: 'open',
    options: { at: String(at) },
    form: true,
  }));
  await web.post({ channel: 'gallery' }, { blocks: [{ kind: 'buttons', buttons }] }, 'forms');
  const browser = await launchBrowser();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const tab = await browser.newPage({ colorScheme, viewport: WEB, reducedMotion: 'reduce' });
      // What was so long ago is counted from the moment that the messages are of.
      await tab.clock.setFixedTime(NOW);
      await tab.goto(web.entry.createLink('ada'));
      const rows = tab.locator('article');
      await rows.nth(all.length).waitFor();
      await tab.waitForFunction(() => [...document.images].every((image) => image.complete));
      for (let index = 0; index < all.length; index += 1) {
        const row = rows.nth(index);
        const chart = row.locator('figure.chart');
        const isDrawn = (await chart.count()) > 0;
        // A chart is drawn once it is near the view.
        await (isDrawn ? chart : row)
          .first()
          .evaluate((element) => element.scrollIntoView({ block: 'center' }));
        if (isDrawn) await chart.getByRole('slider').first().waitFor();
        await row.screenshot({ path: join(OUT, picture(`message-${index}`, colorScheme)) });
      }
      const dialog = tab.getByRole('dialog');
      for (const [index, { name }] of forms.entries()) {
        await tab.getByRole('button', { name, exact: true }).click();
        await dialog.getByRole('heading').waitFor();
        await dialog.screenshot({ path: join(OUT, picture(`form-${index}`, colorScheme)) });
        await tab.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      }
      await tab.close();
    }
  } finally {
    await browser.close();
    await web.stop();
  }
}

function picture(what: string, theme: Theme): string {
  return `${what}-${theme}.png`;
}

function pictures(what: string): Record<Theme, string> {
  return { light: picture(what, 'light'), dark: picture(what, 'dark') };
}

function messageShown({ group, name, message }: Sample, index: number): Shown {
  const slack = forSlack(message);
  const discord = forDiscord(message);
  const plain = shortened(plainText(message, { now: NOW }));
  return {
    group,
    name,
    web: pictures(`message-${index}`),
    slack: slack.drawn,
    discord: discord.drawn,
    below: `<details><summary>As text</summary><pre>${html(plain)}</pre></details>${payload('Slack', slack)}${payload('Discord', discord)}`,
  };
}

function formShown({ name, modal }: FormSample, index: number): Shown {
  const view = formView(modal, { channel: 'C0QUEUE' });
  const discord = discordForm(modal, { actions, opening: '1' });
  return {
    group: 'forms',
    name,
    web: pictures(`form-${index}`),
    slack: drawSlackForm(view),
    discord: drawDiscordForm(discord),
    below: [view, discord]
      .map((each) => JSON.stringify(each, null, 1))
      .map(
        (json, at) =>
          `<details><summary>${at === 0 ? 'Slack' : 'Discord'}</summary><pre>${html(json)}</pre></details>`,
      )
      .join(''),
  };
}

function payload(name: string, { used, degraded, json }: Payload): string {
  const otherwise = degraded.length > 0 ? `; shown otherwise: ${degraded.join(', ')}` : '';
  return `<details><summary>${name}: ${html(used + otherwise)}</summary><pre>${html(json)}</pre></details>`;
}

interface Payload {
  used: string;
  degraded: readonly string[];
  json: string;
  drawn: string;
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
  return { used, degraded, json, drawn: drawSlack(blocks, CHART) };
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
  return { used, degraded, json: JSON.stringify(container, null, 1), drawn: drawDiscord(container, CHART) };
}

function share(what: string, used: number, most: number): string {
  return `${used} of ${most} ${what}`;
}

function shortened(text: string): string {
  return text.length > 3_000 ? `${text.slice(0, 1_500)}\n…\n${text.slice(-1_500)}` : text;
}
