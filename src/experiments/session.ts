import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import { isSessionName, SESSION_NAMES } from '../core/session-name.ts';
import { isoSeconds } from '../core/time.ts';
import { readRegularSync } from '../files/regular.ts';

/** Far above what anybody writes there. */
const CONFIG_MAX_BYTES = 1_048_576;
export const LOG_NAME = 'experiment_log.csv';

/** xax's folder of sessions: `directories.experiments` of the queue folder's config.yml, else `experiments` in it. */
export function experimentsDir(xaxHome: string): string {
  const configPath = join(xaxHome, 'config.yml');
  if (existsSync(configPath)) {
    try {
      const config = parse(readRegularSync(configPath, CONFIG_MAX_BYTES).toString('utf8'), {
        logLevel: 'silent',
      }) as {
        directories?: { experiments?: unknown };
      } | null;
      const configured = config?.directories?.experiments;
      if (typeof configured === 'string' && configured !== '')
        return resolve(configured.replace(/^~(?=\/|$)/, homedir()));
    } catch {
      // A config that cannot be read, or is no YAML, is xax's to complain about; the default folder is right without it.
    }
  }
  return join(xaxHome, 'experiments');
}

/**
 * A session's folder. Error `session-name` for a name that could leave the folder of sessions, and for a new one that
 * would be hidden.
 */
export function sessionFolder(dir: string, name: string): string {
  const folder = join(dir, name);
  if (!isSessionName(name) || (name.startsWith('.') && !existsSync(folder))) {
    throw new BotError(
      'session-name',
      `"${clip(name, 100)}" cannot name a session.`,
      `Accepted: ${SESSION_NAMES}; a new one must not start with a dot.`,
    );
  }
  return folder;
}

/** The name that the original script gives a new session: `experiment-20261123-152404`, UTC. */
export function defaultSessionName(now: number): string {
  return `experiment-${isoSeconds(now).slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}`;
}

/** Folders that can be sessions; a hidden one only where it has a log. */
export function sessionNames(dir: string): string[] {
  if (!existsSync(dir)) return [];
  const mayBe = (name: string) => !name.startsWith('.') || existsSync(join(dir, name, LOG_NAME));
  return readdirSync(dir).filter(
    (name) => isSessionName(name) && isFolder(join(dir, name)) && mayBe(name) && isInside(dir, name),
  );
}

/** Refuses a session's name that is no folder, or leads out of the folder of sessions. Error `session-folder`. */
export function mustBeInside(dir: string, name: string): void {
  const folder = join(dir, name);
  if (!existsSync(folder)) return;
  if (!isFolder(folder))
    throw new BotError(
      'session-folder',
      `${name} is not a folder, so it is not a session.`,
      '"session list" shows them.',
    );
  if (!isInside(dir, name))
    throw new BotError(
      'session-folder',
      `${name} is a link to another place, so it is not a session.`,
      `Sessions are folders in ${dir}.`,
    );
}

/** The session whose log was written last; undefined when there is none. So a database that was lost finds its session again. */
export function latestSession(dir: string): string | undefined {
  const logs = sessionNames(dir).map((name) => ({
    name,
    log: statSync(join(dir, name, LOG_NAME), { throwIfNoEntry: false }),
  }));
  const found = logs.filter(({ log }) => log?.isFile()).sort((a, b) => b.log!.mtimeMs - a.log!.mtimeMs);
  return found[0]?.name;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Whether the folder of that name is where its name says, links resolved. */
function isInside(dir: string, name: string): boolean {
  return realpathSync(join(dir, name)) === join(realpathSync(dir), name);
}
