import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { BotError } from '../core/errors.ts';
import { localUser } from '../queue/passwd.ts';
import { resolveXaxHome } from '../queue/xax/home.ts';
import { networkFileSystem } from '../queue/xax/watcher.ts';

/** `~` and `~name` at the beginning of a path, as a shell replaces them; a name that nobody has stays as it is. */
export function expandHome(path: string, env: NodeJS.ProcessEnv): string {
  const match = /^~([^/]*)(.*)$/s.exec(path);
  if (!match) return path;
  const [, name, rest] = match;
  const folder = name ? localUser((user) => user.name === name)?.home : homeOf(env);
  return folder === undefined ? path : join(folder || '/', rest!);
}

/** The home of whoever runs us. Error `config` where neither HOME nor the host says it, as in some containers. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  if (env.HOME) return env.HOME;
  try {
    return homedir();
  } catch {
    throw new BotError('config', 'This user has no home folder.', 'Set HOME to a folder that is theirs.');
  }
}

/** The yaml that the environment names, else the first that is there; null without one. */
export function findTeamFile(env: NodeJS.ProcessEnv, cwd: string): string | null {
  if (env.XAXBOT_CONFIG) return resolve(cwd, expandHome(env.XAXBOT_CONFIG, env));
  const here = join(cwd, 'xaxbot.yaml');
  if (existsSync(here)) return here;
  const theirs = join(env.XDG_CONFIG_HOME || join(homeOf(env), '.config'), 'xaxbot', 'xaxbot.yaml');
  return existsSync(theirs) ? theirs : null;
}

/** The queue's folder, as xax finds it. Error `config` where it is below a home that nobody knows. */
export function queueHome(env: NodeJS.ProcessEnv, cwd: string): string {
  try {
    return resolveXaxHome(env, cwd);
  } catch {
    throw new BotError(
      'config',
      "The queue's folder is unknown: this user has no home.",
      'Set XAX_HOME or HOME.',
    );
  }
}

/** Where the database, the socket and the charts live; it need not exist yet. Error `config` where it cannot be. */
export function dataDir(env: NodeJS.ProcessEnv, cwd: string): string {
  const path = env.XAXBOT_DATA_DIR
    ? resolve(cwd, expandHome(env.XAXBOT_DATA_DIR, env))
    : join(env.XDG_STATE_HOME || join(homeOf(env), '.local', 'state'), 'xaxbot');
  let existing = path;
  while (!existsSync(existing) && existing !== '/') existing = resolve(existing, '..');
  const hint = 'Name a folder on a local disk in XAXBOT_DATA_DIR.';
  if (!statSync(existing).isDirectory())
    throw new BotError('config', `The data folder ${path} cannot be: ${existing} is no folder.`, hint);
  const network = networkFileSystem(existing);
  if (network) {
    throw new BotError(
      'config',
      `The data folder ${path} is on ${network}, where SQLite's locks do not hold.`,
      hint,
    );
  }
  return path;
}

/** The xax command; undefined without one on PATH. Error `config` when the setting, by its name, names no program. */
export function xaxCommand(
  env: NodeJS.ProcessEnv,
  cwd: string,
  { name, value: named } = { name: 'XAX_BIN', value: env.XAX_BIN },
): string | undefined {
  if (!named) return onPath('xax', env);
  const isPath = named.includes('/') || named.startsWith('~');
  const path = isPath ? resolve(cwd, expandHome(named, env)) : onPath(named, env);
  const wrong = path === undefined ? 'is not on PATH' : notRunnable(path);
  if (wrong === undefined) return path;
  throw new BotError(
    'config',
    `${name} is "${named}", which ${wrong}.`,
    'Name the xax command by its path, or leave it out.',
  );
}

function onPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env.PATH ?? '')
    .split(':')
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find((path) => notRunnable(path) === undefined);
}

/** Why a path is no program that we may run; undefined: it is one. */
function notRunnable(path: string): string | undefined {
  const found = existsSync(path) ? statSync(path) : undefined;
  if (!found) return 'does not exist';
  if (found.isDirectory()) return 'is a folder';
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return 'may not be executed by us';
  }
}
