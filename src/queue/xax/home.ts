import { userInfo } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { localUser } from '../../files/passwd.ts';

/** The environment variables by which xax finds its folder. */
export interface HomeVariables {
  XAX_HOME?: string | undefined;
  XAXRC_PATH?: string | undefined;
  HOME?: string | undefined;
}

/**
 * The queue's folder as xax itself finds it (get_user_global_dir in xax/core/conf.py of 0.4.9): XAX_HOME, else the
 * folder of XAXRC_PATH, else `~/.xax`. Symlinks are not resolved. A variable that is set and empty counts as set.
 */
export function resolveXaxHome(env: HomeVariables, cwd = process.cwd()): string {
  if (env.XAX_HOME !== undefined) return resolve(cwd, expandUser(env.XAX_HOME, env.HOME));
  if (env.XAXRC_PATH !== undefined) {
    const path = expandUser(env.XAXRC_PATH, env.HOME);
    return resolve(cwd, ['.yml', '.yaml'].includes(extname(path)) ? dirname(path) : path);
  }
  return resolve(cwd, expandUser('~/.xax', env.HOME));
}

/** `~` and `~name` as Python's Path.expanduser replaces them: HOME, else what the host knows of the user. */
function expandUser(path: string, home: string | undefined): string {
  const match = /^~([^/]*)(.*)$/s.exec(path);
  if (!match) return path;
  const [, name, rest] = match;
  const folder = name ? localUser((user) => user.name === name)?.home : (home ?? userInfo().homedir);
  return folder === undefined ? path : join(folder || '/', rest!);
}
