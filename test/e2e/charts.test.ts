import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Block } from '../../src/core/message.ts';
import { colourIn } from '../../src/core/palette.ts';
import { launchBrowser } from '../browser.ts';
import { line, series } from '../series.ts';
import { serveCharts, viewOf } from './charts-page.ts';

const falling = (count: number, end: number) =>
  series(
    'value/loss',
    line(count, (index) => end + 4 - (4 * index) / (count - 1)),
  );

describe('charts in the page', () => {
  const problems: string[] = [];
  let served: Awaited<ReturnType<typeof serveCharts>>;
  let browser: Browser;
  let page: Page;
  let view: Awaited<ReturnType<typeof viewOf>>;
  let two: Block;

  beforeAll(async () => {
    served = await serveCharts();
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 900, height: 800 }, colorScheme: 'light' });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    view = await viewOf(page, served.url);
    two = await served.draw({
      title: 'value/loss',
      curves: [
        { label: 'job-1 lr=1e-3', series: falling(101, 1) },
        { label: 'job-2 lr=3e-4', series: falling(51, 2) },
      ],
    });
  });
  afterAll(async () => {
    await browser?.close();
    served?.stop();
  });

  it('are live, with the step and the value of each run where the pointer is', async () => {
    const { show, canvas, at } = view;
    await show(two);
    await canvas().waitFor();
    await page.mouse.move(...(await at(0.25)));
    const tip = page.locator('.tip');
    await tip.waitFor();
    expect(await tip.textContent()).toMatch(/step 2\d\d.*job-1 lr=1e-3.*job-2 lr=3e-4/);
    await page.mouse.move(...(await at(0.9)));
    // The second run has ended before.
    await page.waitForFunction(() => !document.querySelector('.tip')!.textContent!.includes('job-2'));
    await page.mouse.move(2, 2);
    await tip.waitFor({ state: 'detached' });
  });

  it('are read and zoomed with keys', async () => {
    const { canvas, words, shown } = view;
    await canvas().focus();
    await page.keyboard.press('Home');
    expect(await words()).toBe('step 0; job-1 lr=1e-3 5, smoothed 5; job-2 lr=3e-4 6');
    for (let press = 0; press < 25; press += 1) await page.keyboard.press('ArrowRight');
    expect(await words()).toBe('step 500; job-1 lr=1e-3 3, smoothed 3; job-2 lr=3e-4 2');
    await page.keyboard.press('+');
    await expect.poll(async () => (await shown()).map(Math.round)).toEqual([100, 900]);
    await page.keyboard.press('0');
    await expect.poll(shown).toEqual([0, 1_000]);
  });

  it('are zoomed by dragging and by the wheel once clicked, and a double click shows all again', async () => {
    const { canvas, button, at, shown } = view;
    await page.mouse.move(...(await at(0.2)));
    await page.mouse.down();
    await page.mouse.move(...(await at(0.4)), { steps: 3 });
    await page.mouse.up();
    await button('Show all').waitFor();
    await expect.poll(async () => (await shown())[0]).toBeGreaterThan(150);
    expect((await shown())[1]).toBeLessThan(450);
    await page.mouse.dblclick(...(await at(0.5)));
    await button('Show all').waitFor({ state: 'detached' });
    await page.mouse.move(...(await at(0.5)));
    await page.mouse.wheel(0, -240);
    await button('Show all').click();
    await expect.poll(shown).toEqual([0, 1_000]);
    await canvas().blur();
    await page.mouse.wheel(0, -240);
    expect(await button('Show all').count()).toBe(0);
  });

  it('are switched to a log scale, to what was logged alone, and curve by curve', async () => {
    const { canvas, button, words, pixel } = view;
    await button('Log scale').click();
    expect(await button('Log scale').getAttribute('aria-pressed')).toBe('true');
    await page.getByText('log scale', { exact: false }).first().waitFor();
    await button('Smoothing').click();
    await canvas().focus();
    await page.keyboard.press('Home');
    expect(await words()).toBe('step 0; job-1 lr=1e-3 5; job-2 lr=3e-4 6');
    await button(/^job-1/).click();
    expect(await pixel(colourIn('light', 'curve-1'))).toBe(0);
    expect(await pixel(colourIn('light', 'curve-2'))).toBeGreaterThan(50);
    await button(/^job-1/).click();
    await button('Smoothing').click();
    await button('Log scale').click();
  });

  it('have the colours of the theme, and follow it', async () => {
    const { pixel } = view;
    expect(await pixel(colourIn('light', 'curve-1'))).toBeGreaterThan(50);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(100);
    expect(await pixel(colourIn('dark', 'curve-1'))).toBeGreaterThan(50);
    expect(await pixel(colourIn('light', 'curve-1'))).toBe(0);
    await page.evaluate(() => {
      document.documentElement.dataset.theme = 'light';
    });
    await page.waitForTimeout(100);
    expect(await pixel(colourIn('light', 'curve-1'))).toBeGreaterThan(50);
    await page.evaluate(() => delete document.documentElement.dataset.theme);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('open larger, and have their values as a table', async () => {
    const { canvas, button } = view;
    await button(/larger/).click();
    const dialog = page.getByRole('dialog');
    const small = (await canvas().boundingBox())!.height;
    await expect
      .poll(async () => (await dialog.getByRole('slider').boundingBox())!.height)
      .toBeGreaterThan(small * 1.2);
    await page.keyboard.press('Escape');
    // Closed, it has no role any more before it is gone.
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.getByText('Values as a table').click();
    const rows = await page.getByRole('row').allTextContents();
    expect(rows[0]).toBe('stepjob-1 lr=1e-3job-2 lr=3e-4');
    expect(rows[1]).toBe('056');
    expect(rows.at(-1)).toBe('1,0001');
  });

  it('are drawn anew when there is more, with the zoom and the switches left as they are', async () => {
    const { show, canvas, button, shown } = view;
    await show(two);
    await button('Log scale').click();
    await canvas().focus();
    await page.keyboard.press('+');
    const before = await shown();
    await show(
      await served.draw({
        title: 'value/loss',
        curves: [{ label: 'job-1 lr=1e-3', series: falling(201, 1) }],
      }),
    );
    await button(/^job-2/).waitFor({ state: 'detached' });
    await expect.poll(shown).toEqual(before);
    expect(await button('Log scale').getAttribute('aria-pressed')).toBe('true');
  });

  it('fetch nothing before they come near the view, and send a bounded number of points', async () => {
    const { show, canvas } = view;
    const large = await served.draw({
      title: 'large',
      curves: Array.from({ length: 7 }, (_, index) => ({
        label: `job-${index}`,
        series: series(
          'value/loss',
          line(20_000, (at) => index + Math.sin(at)),
        ),
      })),
    });
    const live = large.kind === 'image' ? large.live!.file : '';
    expect(served.sizeOf(live)).toBeLessThan(250_000);
    const far = Array.from({ length: 60 }, (): Block => ({ kind: 'code', text: 'a\nb\nc\nd\ne\nf' }));
    await show(...far, large);
    await page.waitForTimeout(200);
    expect(served.asked).not.toContain(live);
    // Nothing draws a picture that no page shows.
    expect(served.asked.filter((file) => file.endsWith('.png'))).toEqual([]);
    await page.locator('figure').scrollIntoViewIfNeeded();
    await canvas().waitFor();
    expect(served.asked.filter((file) => file === live)).toHaveLength(1);
  });

  it('on a phone have letters of 12 px, and two fingers zoom', async () => {
    const phone = await browser.newContext({
      viewport: { width: 400, height: 800 },
      hasTouch: true,
      isMobile: true,
    });
    const page = await phone.newPage();
    const { show, canvas, button, at, shown } = await viewOf(page, served.url);
    await show(two);
    await canvas().waitFor();
    const { fonts, overflow } = await page.evaluate(() => {
      const [chart] = Object.values(
        (globalThis as unknown as { Chart: { instances: Record<string, unknown> } }).Chart.instances,
      ) as [
        {
          options: {
            scales: Record<string, { ticks: { font: { size: number } }; title: { font: { size: number } } }>;
          };
        },
      ];
      const axes = Object.values(chart.options.scales).flatMap(({ ticks, title }) => [
        ticks.font.size,
        title.font.size,
      ]);
      const texts = [...document.querySelectorAll('figure *')].filter(
        (element) => element.childNodes.length > 0,
      );
      return {
        fonts: [...axes, ...texts.map((element) => Number.parseFloat(getComputedStyle(element).fontSize))],
        overflow: document.documentElement.scrollWidth - innerWidth,
      };
    });
    expect(Math.min(...fonts)).toBeGreaterThanOrEqual(12);
    expect(overflow).toBeLessThanOrEqual(0);
    const [x, y] = await at(0.5);
    await canvas().evaluate(
      (element, [x, y]) => {
        const finger = (type: string, pointerId: number, clientX: number) =>
          element.dispatchEvent(
            new PointerEvent(type, { pointerType: 'touch', pointerId, clientX, clientY: y!, bubbles: true }),
          );
        finger('pointerdown', 1, x! - 40);
        finger('pointerdown', 2, x! + 40);
        finger('pointermove', 1, x! - 80);
        finger('pointermove', 2, x! + 80);
        finger('pointerup', 1, x! - 80);
        finger('pointerup', 2, x! + 80);
      },
      [x, y],
    );
    await button('Show all').waitFor();
    const [from, to] = await shown();
    expect(to - from).toBeGreaterThan(400);
    expect(to - from).toBeLessThan(600);
    await phone.close();
  });

  it('stay pictures, with their words, where what draws them does not come', async () => {
    const other = await browser.newPage();
    await other.route('**/chart-js.js', (route) => route.abort());
    await (await viewOf(other, served.url)).show(two);
    await other.locator('img[alt^="Chart of value/loss"]').waitFor();
    await other.close();
    expect(problems).toEqual([]);
  });
});
