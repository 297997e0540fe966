import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { render } from '../../adapters/slack/render.ts';
import { drawSlack } from '../../gallery/draw-slack.ts';
import { galleryPage } from '../../gallery/page.ts';
import { NOW, samples } from '../../gallery/samples.ts';
import { createActions } from '../../src/store/actions.ts';
import { openDb } from '../../src/store/db.ts';
import { launchBrowser } from '../browser.ts';
import { temporaryFolder } from '../helpers.ts';

describe('the gallery', () => {
  const all = samples({ image: { file: 'x.png' }, live: { file: 'x.json' }, alt: '', width: 1, height: 1 });
  const sample = (name: string) => all.find((each) => each.name === name)!;
  const db = openDb(temporaryFolder());
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  });
  afterAll(async () => {
    await browser?.close();
    db.close();
  });

  it('has the log as the command shows it', () => {
    const code = sample('a log of 2,000 lines').message.blocks.find((block) => block.kind === 'code')!;
    expect(code.isLog).toBe(true);
    expect(code.text.split('\n')).toHaveLength(2_000);
  });

  it("draws Slack's tables with cells that are read, not a word a line", async () => {
    const { blocks } = render(sample('busy').message, {
      accountOf: () => 'U0ADA',
      actions: createActions(db, Date.now),
      imageId: () => 'F0CHART',
      timezone: 'UTC',
      now: NOW,
      surface: 'message',
    });
    const shown = { ...sample('busy'), slack: drawSlack(blocks, ''), discord: '', below: '' };
    await page.setContent(galleryPage([{ ...shown, web: { light: '', dark: '' } }]));
    const cells = await page.locator('.light .slack td').evaluateAll((found) =>
      found.map((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        const lines = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 10))).size;
        return { text: cell.textContent!, lines };
      }),
    );
    expect(cells.length).toBeGreaterThan(10);
    // Some 25 characters of it fit in a line.
    const squeezed = cells.filter(({ text, lines }) => lines > 1 + Math.ceil(text.length / 25));
    expect(squeezed).toEqual([]);
  });
});
