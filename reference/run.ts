import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from './pages.ts';

/** `npm run reference`: writes the pages of the documentation that are made from the code. */
const root = join(import.meta.dirname, '..');
for (const [path, made] of Object.entries(PAGES)) {
  writeFileSync(join(root, path), made());
  console.log(path);
}
