import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { Locator, Page } from 'playwright-core';
import { securityHeaders } from '../../adapters/web/guard.ts';
import { createPageFiles } from '../../adapters/web/page-files.ts';
import { chartBlock } from '../../src/cards/job-card.ts';
import { createPictures } from '../../src/charts/pictures.ts';
import { createChartService } from '../../src/charts/service.ts';
import type { Block, Message } from '../../src/core/message.ts';
import type { ChartRequest } from '../../src/core/metrics.ts';
import { createFileStore } from '../../src/store/files.ts';
import { temporaryFolder } from '../helpers.ts';

/** Shows messages as the page does, without a bot: `key.js`, which signs requests, is the one thing that is stood in for. */
const SHOW = `import { Blocks } from '/page/blocks.js';
import { html, render } from '/page/htm-preact.js';
window.show = (message) => render(html\`<\${Blocks} message=\${message} onButton=\${() => {}} />\`, document.querySelector('main'));`;
const PAGE = `<!doctype html><html lang="en"><head><title>charts</title><link rel="icon" href="/page/icon.svg"><meta name="color-scheme" content="light dark">
${['palette', 'base', 'blocks', 'table', 'chart'].map((name) => `<link rel="stylesheet" href="/page/${name}.css">`).join('')}
<script type="module" src="/show.js"></script></head><body><main class="card"></main></body></html>`;

/** Serves a page that shows what `viewOf` gives it, and the charts that are drawn; `asked`: which of their files it fetched. */
export async function serveCharts() {
  const files = createFileStore(temporaryFolder());
  const charts = createChartService({ files });
  const pictures = createPictures({ files, env: { PATH: process.env.PATH }, compileCache: undefined });
  const asked: string[] = [];
  const app = new Hono();
  app.use(securityHeaders);
  app.get('/', (context) => context.html(PAGE));
  const script = { 'content-type': 'text/javascript' };
  app.get('/show.js', (context) => context.body(SHOW, 200, script));
  app.get('/page/key.js', (context) =>
    context.body(
      'export const signed = async () => ({});export const take = () => {};export const hasChallenge = () => true;',
      200,
      script,
    ),
  );
  app.get('/api/files/:name', async (context) => {
    const file = context.req.param('name');
    asked.push(file);
    return context.body(new Uint8Array(readFileSync((await pictures.fileAt({ file }))!)), 200, {
      'content-type': file.endsWith('json') ? 'application/json' : 'image/png',
    });
  });
  app.route('/', createPageFiles('/page'));
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    /** The size of a chart's file, bytes. */
    sizeOf: (file: string) => readFileSync(files.pathOf({ file })!).length,
    draw: async (request: ChartRequest): Promise<Block> => chartBlock(await charts.draw(request)),
    stop: () => void server.close(),
  };
}

/** Opens that page, and has what is done and seen in it, of its first chart. */
export async function viewOf(page: Page, url: string) {
  await page.goto(url);
  await page.waitForFunction(() => 'show' in window);
  const show = (...blocks: Block[]) =>
    page.evaluate((message) => window.show(message), { blocks } as Message);
  const canvas = () => page.getByRole('slider').first();
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });
  const words = () => canvas().getAttribute('aria-valuetext');
  /** The place in the page at a part of the plot's width. */
  const at = async (part: number, of: Locator = canvas()) => {
    const { x, y, width, height } = (await of.boundingBox())!;
    return [x + 50 + part * (width - 62), y + height / 2] as const;
  };
  /** The last number of the axis that reads where the pointer is: what is shown goes from and to. */
  const shown = async () => {
    await canvas().focus();
    await page.keyboard.press('Home');
    const from = Number((await canvas().getAttribute('aria-valuenow'))!);
    await page.keyboard.press('End');
    return [from, Number((await canvas().getAttribute('aria-valuenow'))!)] as const;
  };
  const pixel = (colour: string) =>
    canvas().evaluate((element: HTMLCanvasElement, hex) => {
      const wanted = [1, 3, 5].map((from) => Number.parseInt(hex.slice(from, from + 2), 16));
      const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
      let found = 0;
      for (let from = 0; from < data.length; from += 4)
        if (wanted.every((part, index) => Math.abs(data[from + index]! - part) < 8) && data[from + 3]! > 240)
          found += 1;
      return found;
    }, colour);
  return { show, canvas, button, words, at, shown, pixel };
}

declare global {
  interface Window {
    show(message: Message): void;
  }
}
