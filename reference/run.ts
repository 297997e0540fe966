import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from './pages.ts';

/** `npm run reference`: writes the pages of the documentation that are made from the code. */
const root = join(import.meta.dirname, '..');
for (const [name, made] of Object.entries(PAGES)) {
  const path = join(root, name);
  writeFileSync(path, made(readFileSync(path, 'utf8')));
  console.log(name);
}
