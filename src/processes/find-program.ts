import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where programs are searched for without PATH: what glibc's execvp takes (exec(3)), and Python's `os.defpath`. */
const DEFAULT_PATH = '/bin:/usr/bin';

/**
 * The absolute path of the program that starting `name` in the folder `cwd` would run, as execvp(3) finds it: a name with a
 * slash is a path; another is looked for in the folders of PATH, of which an empty one is `cwd`, and a relative one below
 * it. What is there but cannot be run is passed over. Undefined where there is none.
 */
export function findProgram(name: string, env: NodeJS.ProcessEnv, cwd: string): string | undefined {
  if (name === '') return undefined;
  const candidates = name.includes('/')
    ? [resolve(cwd, name)]
    : (env.PATH ?? DEFAULT_PATH).split(':').map((folder) => resolve(cwd, folder, name));
  return candidates.find((path) => notRunnable(path) === undefined);
}

/** Why a path is no program that we may run; undefined: it is one. */
export function notRunnable(path: string): string | undefined {
  let found: ReturnType<typeof statSync>;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch {
    return 'cannot be looked at'; // a file where a folder was named, links in a circle, a folder we may not enter
  }
  if (!found) return 'does not exist';
  if (found.isDirectory()) return 'is a folder';
  if (!found.isFile()) return 'is no file';
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return 'is not executable by this user';
  }
}
