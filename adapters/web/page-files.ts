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

type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** One of the page's own scripts, as another imports it. */
const IMPORT = /^(?:import|\}) .*from '\.\/([\w-]+\.js)';$/gm;

/** What stands below the address of one start never changes. */
const KEPT = 'private, max-age=31536000, immutable';

/**
 * The page's own files and the library it is made with, read once, and the one of charts, read when a page asks for it. The page names
 * them by an address of this start, for which no browser can have kept a file of whoever listened on the port before.
 */
export function createPageFiles(address = `/page/${randomBytes(9).toString('base64url')}`): Hono {
  const folder = fileURLToPath(new URL('./page/', import.meta.url));
  const files = new Map(
    readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(`${folder}${name}`))]),
  );
  files.set('palette.css', encoded(paletteCss()));
  files.set(
    'htm-preact.js',
    new Uint8Array(readFileSync(fileURLToPath(import.meta.resolve('htm/preact/standalone')))),
  );
  files.set('index.html', encoded(pageOf(files, address)));
  const app = new Hono();
  app.use(etag());
  app.get('/', (context) => context.body(files.get('index.html')!, 200, headers('.html', 'no-cache')));
  app.get(`${address}/:name`, (context) => {
    const name = context.req.param('name');
    const bytes = name === 'chart-js.js' ? chartJs() : files.get(name);
    return bytes ? context.body(bytes, 200, headers(extname(name), KEPT)) : context.notFound();
  });
  return app;
}

function headers(extension: string, caching: string): Record<string, string> {
  return { 'content-type': TYPES[extension]!, 'cache-control': caching };
}

/** The page with the addresses of this start. It names the scripts that it begins with, so that none waits for the one that imports it. */
function pageOf(files: Files, address: string): string {
  const links = [...scriptsOf('app.js', files)].map(
    (name) => `<link rel="modulepreload" href="/page/${name}" />`,
  );
  const page = textOf(files, 'index.html');
  return page.replace('</head>', `${links.join('')}</head>`).replaceAll('"/page/', `"${address}/`);
}

/** A script and those that it imports, and so on; not those that are loaded when they are needed. */
function scriptsOf(name: string, files: Files, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, imported] of textOf(files, name).matchAll(IMPORT)) scriptsOf(imported!, files, found);
  return found;
}

const encoded = (text: string) => new TextEncoder().encode(text);
const textOf = (files: Files, name: string) => new TextDecoder().decode(files.get(name));

/** Chart.js as one script. */
function chartJs(): Uint8Array<ArrayBuffer> {
  const path = new URL('./chart.umd.min.js', import.meta.resolve('chart.js'));
  return new Uint8Array(readFileSync(fileURLToPath(path)));
}

/** The palette as custom properties, each with its colour in both themes. */
function paletteCss(): string {
  const colours = Object.entries(PALETTE).map(
    ([name, [light, dark]]) => `  --${name}: light-dark(${light}, ${dark});\n`,
  );
  return `:root {\n${colours.join('')}}\n`;
}
