import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
  [field: string]: unknown;
}

interface LockEntry {
  dev?: boolean;
  version?: string;
  [field: string]: unknown;
}

/** JavaScript needs no newer Node: what better-sqlite3 and execa ask for. */
const ENGINES = { node: '>=22' };
/** A list: npm links no page that is named by itself. */
const MANUALS = ['man/xaxbot.1'];
/** What is of the checkout alone: its tools, and a Node that runs TypeScript. */
const OF_THE_CHECKOUT = ['scripts', 'devDependencies', 'optionalDependencies', 'files'];

/** The package's own package.json, of that of the checkout. */
export function packageJson(own: Manifest): Manifest {
  const kept = Object.entries(own).filter(([field]) => !OF_THE_CHECKOUT.includes(field));
  return { ...(Object.fromEntries(kept) as Manifest), engines: ENGINES, man: MANUALS };
}

/**
 * The versions and hashes of the checkout's lock, for whoever installs the package: npm-shrinkwrap.json. npm takes a package from
 * a lock for one that has to be compiled if it could be, unless the entry says `gypfile: false` as the package itself does.
 */
export function shrinkwrap(
  own: Manifest,
  lock: { packages: Record<string, LockEntry> },
  root: string,
): Record<string, unknown> {
  const { name, version, license, dependencies, bin } = own;
  const checkouts = Object.keys((own.optionalDependencies as object | undefined) ?? {});
  const entries = Object.entries(lock.packages)
    .filter(
      ([path, { dev }]) => path !== '' && !dev && !checkouts.includes(path.replace('node_modules/', '')),
    )
    .map(([path, entry]) => [path, isPrebuilt(join(root, path)) ? { ...entry, gypfile: false } : entry]);
  return {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name, version, license, dependencies, bin, engines: ENGINES },
      ...Object.fromEntries(entries),
    },
  };
}

function isPrebuilt(folder: string): boolean {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).gypfile === false;
  } catch {
    // Of another platform: it is not installed here.
    return false;
  }
}
