import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { packageJson, shrinkwrap } from './manifest.ts';
import { manualPage } from './manual.ts';

/**
 * `npm run build`: makes dist/, the package as it is installed: the checkout's tree with JavaScript in the place of TypeScript,
 * so that every file finds what it reads beside itself in both; and what of it is loaded at each start in few files.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
/** What is compiled, with what stands beside it: the page, Python for the queue. */
const SOURCES = ['src', 'adapters', 'commands'];
/** What is read as it is. */
const AS_IT_IS = [
  'bin',
  'docs',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'slack-manifest.yaml',
  'xaxbot.example.yaml',
  '.env.example',
];

const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const write = (name: string, value: unknown) =>
  writeFileSync(join(dist, name), `${JSON.stringify(value, null, 2)}\n`);

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'build/tsconfig.json')],
  { stdio: 'inherit' },
);
for (const name of SOURCES)
  cpSync(join(root, name), join(dist, name), {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || !path.endsWith('.ts'),
  });
await bundle(dist);
for (const name of AS_IT_IS) cpSync(join(root, name), join(dist, name), { recursive: true });
const own = read('package.json');
write('package.json', packageJson(own));
write('npm-shrinkwrap.json', shrinkwrap(own, read('package-lock.json'), root));
mkdirSync(join(dist, 'man'));
writeFileSync(join(dist, 'man/xaxbot.1'), manualPage(own.version, own.description));
