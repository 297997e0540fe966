import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tree } from './measure.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Packages of revisions, kept between runs. */
const CACHE = join(tmpdir(), 'xaxbot-bench-packages');
/** What npm reads to install. */
const MANIFESTS = ['package.json', 'package-lock.json', '.npmrc'];
const HEX_SHOWN = 10;

const git = (...argv: string[]) => execFileSync('git', argv, { cwd: ROOT, encoding: 'utf8' }).trim();

/** This working tree, built anew where it has a build. */
export function thisTree(): Tree {
  return { label: 'this tree', revision: 'working tree', root: ROOT, program: built(ROOT) };
}

/** Checks a revision out beside this tree, with its packages and its build. `remove` takes the checkout away; its packages stay cached. */
export function checkOut(name: string): { tree: Tree; remove(): void } {
  const commit = git('rev-parse', '--verify', `${name}^{commit}`);
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bench-tree-'));
  const root = join(folder, 'tree');
  const remove = () => {
    git('worktree', 'remove', '--force', root);
    rmSync(folder, { recursive: true, force: true });
  };
  git('worktree', 'add', '--quiet', '--detach', root, commit);
  try {
    symlinkSync(packagesOf(root, commit), join(root, 'node_modules'));
    const program = built(root);
    return { tree: { label: commit.slice(0, HEX_SHOWN), revision: commit, root, program }, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The node_modules of a revision, installed once a commit and lock. */
function packagesOf(root: string, commit: string): string {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const key = createHash('sha256').update(commit).update(lock).digest('hex');
  const kept = join(CACHE, key);
  if (!existsSync(kept)) {
    mkdirSync(CACHE, { recursive: true });
    const fresh = mkdtempSync(join(CACHE, 'installing-'));
    for (const file of MANIFESTS)
      if (existsSync(join(root, file))) copyFileSync(join(root, file), join(fresh, file));
    npm(fresh, ['ci']);
    renameSync(fresh, kept);
  }
  return join(kept, 'node_modules');
}

/** Runs the build of a tree that has one; its program. */
function built(root: string): string {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  if (!scripts.build) return join(root, 'bin/xaxbot.js');
  npm(root, ['run', '--silent', 'build']);
  return join(root, 'dist/bin/xaxbot.js');
}

/** npm, on the Node that runs this. */
export function npm(cwd: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  return execFileSync('npm', argv, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
