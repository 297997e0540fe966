import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { MANIFESTS } from './import-root.ts';
import { textOf } from './text-of.ts';

/** How much of a project is looked at: a home folder with data sets has more, and its code is near the top. */
export const WALK_LIMITS = { entries: 200_000, files: 20_000, depth: 12 };

/** Folders that hold other people's code, or copies. A run's folder, as xax names it, has a copy of the code in it. */
const LEFT_OUT = /^(\..*|__pycache__|node_modules|site-packages|.*\.egg-info|run_\d+)$/;
/** The copy that setuptools makes of a package, `build/lib` or below `build/lib.linux-x86_64-cpython-312`. */
const BUILT = /\/build\/lib(\.[^/]*)?$/;
/** What a folder with a Python of its own holds: of venv and its like, and of conda. */
const ENVIRONMENT = ['pyvenv.cfg', 'conda-meta'];
/** How a project's settings name xax itself. */
const NAMES_XAX = /^[ \t]*name[ \t]*=[ \t]*["']?xax["']?[ \t]*,?[ \t]*\r?$/m;

export interface Walked {
  files: string[];
  /** There is more than is looked at. */
  isCut: boolean;
}

/**
 * The Python files of a folder, by folder, the upper ones first. Links to folders are not followed, and what may not be read is
 * passed over, as is xax's own source below it.
 */
export function pythonFiles(root: string, limits = WALK_LIMITS): Walked {
  const files: string[] = [];
  let level = [root];
  let entries = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limits.depth) return { files, isCut: true };
    const below: string[] = [];
    for (const folder of level) {
      const found = entriesOf(folder);
      entries += found.length;
      if (entries > limits.entries || files.length > limits.files) return { files, isCut: true };
      for (const entry of found) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (!LEFT_OUT.test(entry.name) && !BUILT.test(path)) below.push(path);
        } else if (extname(entry.name) === '.py') files.push(path);
      }
    }
    level = below.filter((folder) => !isEnvironment(folder) && !isSourceOfXax(folder));
  }
  return { files, isCut: false };
}

/** Whether a folder is a virtual environment, or one of conda's. */
export function isEnvironment(folder: string): boolean {
  return ENVIRONMENT.some((name) => existsSync(join(folder, name)));
}

/** Whether a folder is xax's own source, as somebody cloned it to install it from there: what launches a task in it are its examples. */
export function isSourceOfXax(folder: string): boolean {
  return (
    existsSync(join(folder, 'xax', '__init__.py')) &&
    MANIFESTS.some((name) => NAMES_XAX.test(textOf(join(folder, name))))
  );
}

/** What is in a folder, in the order of the names; nothing of what cannot be read. */
export function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
