import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BotError } from '../core/errors.ts';
import { networkFileSystem } from '../files/network.ts';
import type { Relied } from '../files/walls.ts';
import { expandHome, homeOf } from '../queue/expand-home.ts';

/** The yaml that the environment names, else the first that exists, and how it is relied on; null without one. */
export function findTeamFile(env: NodeJS.ProcessEnv, cwd: string): Relied | null {
  if (env.XAXBOT_CONFIG) return { wall: 'named settings', path: teamFilePlaces(env, cwd)[0]! };
  const path = usualPlaces(env, cwd).find((each) => existsSync(each));
  return path === undefined ? null : { wall: 'settings', path };
}

/** What is said where there is none: it may be in another folder than whoever reads this thinks of. */
export function noTeamFile(env: NodeJS.ProcessEnv, cwd: string): string {
  return `no xaxbot.yaml; it was looked for as ${usualPlaces(env, cwd).join(' and ')}`;
}

/** Where the yaml is looked for. */
export function teamFilePlaces(env: NodeJS.ProcessEnv, cwd: string): string[] {
  const { XAXBOT_CONFIG: named } = env;
  return named ? [resolve(cwd, expandHome(named, env))] : usualPlaces(env, cwd);
}

/** The same when nothing names it. */
function usualPlaces(env: NodeJS.ProcessEnv, cwd: string): string[] {
  const theirs = env.XDG_CONFIG_HOME || join(homeOf(env), '.config');
  return [join(cwd, 'xaxbot.yaml'), join(theirs, 'xaxbot', 'xaxbot.yaml')];
}

/** The folder of the database, the socket and the charts; it need not exist yet. Error `config` if it cannot be created. */
export function dataDir(env: NodeJS.ProcessEnv, cwd: string): string {
  const path = env.XAXBOT_DATA_DIR
    ? resolve(cwd, expandHome(env.XAXBOT_DATA_DIR, env))
    : join(env.XDG_STATE_HOME || join(homeOf(env), '.local', 'state'), 'xaxbot');
  let existing = path;
  while (!existsSync(existing) && existing !== '/') existing = resolve(existing, '..');
  const hint = 'Name a folder on a local disk in XAXBOT_DATA_DIR.';
  if (!statSync(existing).isDirectory())
    throw new BotError(
      'config',
      `The data folder ${path} cannot be created: ${existing} is not a folder.`,
      hint,
    );
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
