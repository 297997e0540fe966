import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createPageFiles } from '../../adapters/web/page-files.ts';
import { PALETTE } from '../../src/core/palette.ts';

it('the page has the colours of the palette, in both themes, and uses none that is nowhere', async () => {
  const pages = createPageFiles('/page');
  const text = async (path: string) => (await pages.request(path)).text();
  expect(await text('/')).toMatch(/palette\.css"[\s\S]*base\.css"/);
  const palette = await text('/page/palette.css');
  for (const [name, [light, dark]] of Object.entries(PALETTE))
    expect(palette).toContain(`--${name}: light-dark(${light}, ${dark});`);
  const folder = new URL('../../adapters/web/page/', import.meta.url);
  const style = readdirSync(folder)
    .filter((name) => name.endsWith('.css'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('');
  // Without it light-dark() is always light.
  expect(style).toContain('color-scheme: light dark;');
  const defined = new Set([...`${palette}${style}`.matchAll(/(--[\w-]+):/g)].map(([, name]) => name));
  const used = [...style.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name!);
  expect(used.length).toBeGreaterThan(20);
  expect(used.filter((name) => !defined.has(name))).toEqual([]);
});
