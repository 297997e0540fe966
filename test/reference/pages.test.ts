import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PAGES } from '../../reference/pages.ts';

it.each(Object.entries(PAGES))('%s is as `npm run reference` makes it', (path, made) => {
  const page = readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
  expect(made(page)).toBe(page);
});
