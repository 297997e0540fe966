import { lstatSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import type { AdapterKind } from '../../adapters/kind.ts';
import { BotError, errorText } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { isSecretName, SECRET_MIN_LENGTH } from '../core/secret-names.ts';
import { isReference } from '../core/secret-references.ts';
import type { Supervisor } from '../core/supervisor.ts';
import { readRegularSync } from '../files/regular.ts';
import { hold, type Relied } from '../files/walls.ts';

/** Far above what anybody sets. */
const DOTENV_MAX_BYTES = 1_048_576;
/** The bot's own variables beside those of its adapters. */
const OWN = ['XAXBOT_CONFIG', 'XAXBOT_DATA_DIR', 'QUICKCHART_URL'];
/** What bin/xaxbot.js tells us, and nobody else. */
const LAUNCHERS = 'XAXBOT_LAUNCHER_SET';
const OWN_PREFIX = 'XAXBOT_';

/** What systemd says to the process that it starts, and to no child of it (sd_notify(3)). */
const SUPERVISORS = ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'];

/** Who started us as a service; null where nobody did. */
export function supervisorIn(env: NodeJS.ProcessEnv): Supervisor | null {
  if (!env.NOTIFY_SOCKET) return null;
  const microseconds = Number(env.WATCHDOG_USEC);
  return { socket: env.NOTIFY_SOCKET, watchdogMs: microseconds > 0 ? microseconds / 1000 : null };
}

/** What is for this process alone is not the user's to pass on: what bin/xaxbot.js set, and what systemd says. */
export function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = [...SUPERVISORS, ...(env[LAUNCHERS] ?? '').split(',')];
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.includes(name)));
}

/** Variables that say something to the bot and are not its alone. */
const OF_HOST = ['XAX_HOME', 'XAXRC_PATH', 'XAX_BIN', 'LOG_LEVEL'];

/** Every variable by which somebody sets the bot up. */
export function settingVariables(kinds: readonly AdapterKind[]): string[] {
  return [...ownVariables(kinds).filter((name) => name !== LAUNCHERS), ...OF_HOST];
}

/** Every variable that is the bot's own (see .env.example), and no child process's. */
export function ownVariables(kinds: readonly AdapterKind[]): string[] {
  return [
    ...OWN,
    LAUNCHERS,
    ...kinds.flatMap(({ variables, otherSecrets = [] }) => [...variables, ...otherSecrets]),
  ];
}

/**
 * The environment, and below it what `.env` sets; a variable that is empty there is not set. `dotenv`: the file that was read,
 * and how it is relied on. Errors `config`, `not-ours`.
 */
export function withDotenv(
  env: NodeJS.ProcessEnv,
  cwd: string,
): { env: NodeJS.ProcessEnv; dotenv: Relied | undefined } {
  const path = join(cwd, '.env');
  if (!lstatSync(path, { throwIfNoEntry: false })) return { env, dotenv: undefined };
  let text: string;
  try {
    hold('settings', path);
    text = readRegularSync(path, DOTENV_MAX_BYTES).toString('utf8');
  } catch (error) {
    if (error instanceof BotError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { env, dotenv: undefined };
    throw new BotError('config', `${path} cannot be read: ${errorText(error)}.`, 'Fix or remove it.');
  }
  const given = Object.entries(parseDotenv(text)).filter(([, value]) => value !== '');
  const wall = given.some(([name]) => isSecretName(name)) ? 'settings with secrets' : 'settings';
  return { env: { ...Object.fromEntries(given), ...env }, dotenv: { wall, path } };
}

/** What a shell calls the folder that it is in (POSIX), elsewhere a password. */
const FOLDER = 'PWD';

/** The values that are secrets in an environment, by their names, and the passwords in its addresses. */
export function secretsIn(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    const own = isSecretName(name) && name !== FOLDER && !isReference(value, '') ? [value] : [];
    return [...own, ...passwordsIn(value)].filter((each) => each.length >= SECRET_MIN_LENGTH);
  });
}

/** The same of all that a start in a folder is given, even where its `.env` cannot be read. */
export function secretsAround(env: NodeJS.ProcessEnv, cwd: string): string[] {
  try {
    return secretsIn(withDotenv(env, cwd).env);
  } catch {
    return secretsIn(env);
  }
}

/** The password of an address, as it stands there and as it is meant. */
function passwordsIn(value: string): string[] {
  const password = URL.canParse(value) ? new URL(value).password : '';
  if (password === '') return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** Error `config` for a variable that looks like ours and is none; `own` are all of ours. */
export function checkOwnVariables(env: NodeJS.ProcessEnv, own: readonly string[]): void {
  const ours = own.filter((name) => name.startsWith(OWN_PREFIX));
  const unknown = Object.keys(env).find((name) => name.startsWith(OWN_PREFIX) && !ours.includes(name));
  if (unknown === undefined) return;
  const [close] = nearest(unknown, ours, 1);
  throw new BotError(
    'config',
    `${unknown} is set, but xaxbot has no such setting.`,
    `Did you mean ${close}?`,
  );
}

/** The name of whoever runs us. In a container the host may know no name for the uid. */
export function unixName(env: NodeJS.ProcessEnv, ofHost = () => userInfo().username): string {
  try {
    return ofHost();
  } catch {
    return env.USER || env.LOGNAME || `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
