import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chartBlock } from '../../src/cards/job-card.ts';
import { createChartService } from '../../src/charts/service.ts';
import type { Message } from '../../src/core/message.ts';
import type { ChartRequest } from '../../src/core/metrics.ts';
import { openDb } from '../../src/store/db.ts';
import { createFileStore } from '../../src/store/files.ts';
import { launchBrowser } from '../browser.ts';
import { testHandlers } from '../handlers.ts';
import { temporaryFolder } from '../helpers.ts';
import { line, series } from '../series.ts';
import { createTestWeb } from '../web-adapter.ts';

const falling = (tag: string) =>
  series(
    tag,
    line(100, (index) => 5 - index / 25),
  );
const CHARTS: readonly ChartRequest[] = [
  { title: 'curves', curves: [{ label: 'job-1', series: falling('value/loss') }] },
  { kind: 'panels', title: 'panels', panels: ['a', 'b', 'c', 'd'].map(falling) },
  {
    kind: 'usage',
    title: 'week',
    days: Array.from({ length: 7 }, (_, day) => ({
      ...{ label: `Mon ${day} Nov`, busyHours: 6, failedHours: 1, idleHours: 18, jobs: 2 },
    })),
  },
];

describe('a chart in the page', () => {
  const folder = temporaryFolder();
  const db = openDb(folder);
  const files = createFileStore(folder);
  const charts = createChartService({ files });
  const web = createTestWeb(db, {
    personById: (id) => ({ id, name: 'Ada', role: 'admin' }),
    fileAt: async (file) => files.pathOf(file),
  });
  let browser: Browser;
  let page: Page;
  /** How far each chart stands out of its place, and what it leaves of it, pixels; nothing of those out of view. */
  const misfits = () =>
    page.locator('.plot-room:has(canvas)').evaluateAll((rooms) =>
      rooms.flatMap((room) => {
        const figure = room.closest('.plots')!.parentElement!.getBoundingClientRect();
        const parts = room.closest('.plots')!.classList.contains('several') && figure.width >= 544 ? 2 : 1;
        const { left, right, width } = room.querySelector('canvas')!.getBoundingClientRect();
        const isIn = left >= figure.left - 1 && right <= figure.right + 1;
        const isFull = width * parts > figure.width - 20;
        return isIn && isFull ? [] : [`${left} to ${right} in ${figure.left} to ${figure.right}`];
      }),
    );
  const fits = async (chartCount: number) => {
    await expect.poll(() => page.locator('.channel .plot-room canvas').count()).toBe(chartCount);
    await expect.poll(misfits, { timeout: 10_000 }).toEqual([]);
  };

  beforeAll(async () => {
    await web.start(testHandlers({}));
    const drawn = await Promise.all(CHARTS.map((request) => charts.draw(request)));
    const message: Message = { blocks: drawn.map(chartBlock) };
    const id = await web.post({ channel: 'queue' }, message, 'charts');
    await web.post({ channel: 'queue', thread: id }, { blocks: [{ kind: 'text', text: 'news' }] }, 'news');
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 2000 } });
    await page.goto(web.entry.createLink('ada'));
    await page.locator('.plot-room canvas').last().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await web.stop();
    db.close();
  });

  it('becomes as narrow, or as wide, as the window leaves room for', async () => {
    await fits(6);
    for (const [width, height] of [
      [400, 2_000],
      [800, 1_600],
      [400, 2_400],
      [1_280, 2_000],
    ] as const) {
      await page.setViewportSize({ width, height });
      await fits(6);
    }
  });

  it('makes room for a thread that is opened beside it, and takes it back', async () => {
    const width = async () => (await page.locator('.channel canvas').first().boundingBox())!.width;
    const before = await width();
    await page.getByRole('button', { name: /1 reply/ }).click();
    await page.getByRole('complementary', { name: 'Thread' }).getByText('news').waitFor();
    await fits(6);
    expect(await width()).toBeLessThan(before - 100);
    await page.getByRole('button', { name: 'Close the thread' }).click();
    await expect.poll(width).toBe(before);
  });
});
