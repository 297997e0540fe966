import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm run release`: what is given out of a version, in release/: the tarball and SHA256SUMS, of the commit that is checked out and
 * nothing else. It publishes nothing, and says what is left to do.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'release');
const run = (program: string, ...argv: string[]) =>
  execFileSync(program, argv, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const wrong = problems();
if (wrong.length > 0) {
  for (const line of wrong) console.error(`not released: ${line}`);
  process.exit(1);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
run('npm', 'run', '--silent', 'pack', '--', '--pack-destination', out);
const sums = readdirSync(out)
  .map(
    (file) =>
      `${createHash('sha256')
        .update(readFileSync(join(out, file)))
        .digest('hex')}  ${file}\n`,
  )
  .join('');
writeFileSync(join(out, 'SHA256SUMS'), sums);
console.log(
  `${name} ${version} of commit ${run('git', 'rev-parse', '--short', 'HEAD')}, in release/:\n\n${sums}`,
);
console.log(
  `Next: git tag -a v${version} -m "${name} ${version}", push it, and give out the files of release/.`,
);
console.log(`Whoever takes them: sha256sum -c SHA256SUMS && npm install -g ./${name}-${version}.tgz`);

/** What keeps this checkout from being a version. */
function problems(): string[] {
  const found: string[] = [];
  const changed = run('git', 'status', '--porcelain');
  if (changed !== '') found.push(`the checkout is not what is committed:\n${changed}`);
  if (
    !new RegExp(`^## ${version.replaceAll('.', '\\.')}$`, 'm').test(
      readFileSync(join(root, 'CHANGELOG.md'), 'utf8'),
    )
  )
    found.push(`CHANGELOG.md has no section "## ${version}"`);
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).version;
  if (locked !== version) found.push(`package-lock.json is of version ${locked}, package.json of ${version}`);
  const tagged = run('git', 'tag', '--list', `v${version}`, '--no-contains', 'HEAD');
  if (tagged !== '') found.push(`${tagged} is another commit already: raise the version in package.json`);
  return found;
}
