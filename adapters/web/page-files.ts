import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { PALETTE } from '../../src/core/palette.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * The page's own files and the one library it uses, read once. The page names them by an address of this start, for which no
 * browser can have kept a file of whoever listened on the port before.
 */
export function createPageFiles(address = `/page/${randomBytes(9).toString('base64url')}`): Hono {
  const folder = fileURLToPath(new URL('./page/', import.meta.url));
  const files = new Map(readdirSync(folder).map((name) => [name, readFileSync(`${folder}${name}`)]));
  const page = files.get('index.html')!.toString('utf8').replaceAll('"/page/', `"${address}/`);
  files.set('index.html', Buffer.from(page));
  files.set('palette.css', Buffer.from(paletteCss()));
  files.set('htm-preact.js', readFileSync(fileURLToPath(import.meta.resolve('htm/preact/standalone'))));
  const app = new Hono();
  app.use(etag());
  app.get('/', (context) => serve(context.body.bind(context), 'index.html') ?? context.notFound());
  app.get(
    `${address}/:name`,
    (context) => serve(context.body.bind(context), context.req.param('name')) ?? context.notFound(),
  );
  return app;

  function serve(
    body: (data: Uint8Array<ArrayBuffer>, status: 200, headers: Record<string, string>) => Response,
    name: string,
  ): Response | undefined {
    const bytes = files.get(name);
    const type = TYPES[extname(name)];
    if (!bytes || !type) return undefined;
    return body(new Uint8Array(bytes), 200, { 'content-type': type, 'cache-control': 'no-cache' });
  }
}

/** The palette as custom properties, each with its colour in both themes. */
function paletteCss(): string {
  const colours = Object.entries(PALETTE).map(
    ([name, [light, dark]]) => `  --${name}: light-dark(${light}, ${dark});\n`,
  );
  return `:root {\n${colours.join('')}}\n`;
}
