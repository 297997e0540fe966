import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../test/browser.ts';

/** The pictures of docs/slack.md and docs/discord.md: some of what `npm run gallery` has drawn, as each platform draws it. */
const PICTURES = { slack: 'light', discord: 'dark' } as const;
const SHOWN = ['running', 'failed'];
/** What a channel is wide beside its lists, pixels. */
const WIDTH = 560;

const browser = await launchBrowser();
try {
  for (const [platform, theme] of Object.entries(PICTURES)) {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 400 } });
    await page.goto(pathToFileURL(join('gallery/out/index.html')).href);
    await leaveOnly(page, platform, theme);
    await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    await page.locator('main').screenshot({ path: `docs/${platform}.png` });
    await page.close();
  }
} finally {
  await browser.close();
}

/** Takes everything out of the page but these of a platform, one below the other; SHOWN that is none is an error. */
async function leaveOnly(page: Page, platform: string, theme: string): Promise<void> {
  await page.evaluate(
    ([names, where]) => {
      const figures = names.map((name) => {
        const section = [...document.querySelectorAll('section')].find(
          (each) => each.querySelector('h3')?.textContent === name,
        );
        const figure = section?.querySelector(where);
        if (!figure) throw new Error(`the gallery has no "${name}"`);
        figure.querySelector('figcaption')?.remove();
        return figure;
      });
      const room = document.createElement('div');
      room.className = figures[0]!.parentElement!.className;
      Object.assign(room.style, { display: 'grid', gap: '12px' });
      for (const figure of figures) {
        (figure as HTMLElement).style.maxHeight = 'none';
        room.append(figure);
      }
      document.body.style.padding = '0';
      document.querySelector('header')!.remove();
      document.querySelector('main')!.replaceChildren(room);
    },
    [SHOWN, `.${theme} .${platform}`] as const,
  );
}
