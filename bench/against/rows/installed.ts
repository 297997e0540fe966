import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { each, type Tree, type Workload } from '../measure.ts';
import { npm } from '../revision.ts';

const MB = 1e6;

/** What an installation without development takes on the disk, MB: of the package where the version has one, else of its checkout. */
export const installed: Workload = async (run, tree) =>
  each(async () => {
    const folder = mkdtempSync(join(run.folder, 'installed-'));
    if (existsSync(join(tree.root, 'dist'))) installPackage(tree, folder);
    else installCheckout(tree, folder);
    const [bytes] = execFileSync('du', ['-sB1', folder], { encoding: 'utf8' }).split('\t');
    rmSync(folder, { recursive: true, force: true });
    return Number(bytes) / MB;
  });

function installPackage({ root }: Tree, folder: string): void {
  npm(root, ['pack', '--silent', './dist', '--pack-destination', folder]);
  const packed = readdirSync(folder).find((file) => file.endsWith('.tgz'))!;
  npm(folder, [
    'install',
    '--global',
    '--silent',
    '--omit=dev',
    '--prefix',
    join(folder, 'prefix'),
    join(folder, packed),
  ]);
  rmSync(join(folder, packed));
}

function installCheckout({ root }: Tree, folder: string): void {
  const skipped = [join(root, 'node_modules'), join(root, '.git')];
  cpSync(root, folder, { recursive: true, filter: (path) => !skipped.includes(path) });
  npm(folder, ['ci', '--silent', '--omit=dev']);
}
