import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { BotError, errorText } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';

/** The variables that begin with XAXBOT_; another one is a mistyped one. */
const OWN = ['XAXBOT_CONFIG', 'XAXBOT_DATA_DIR', 'XAXBOT_WEB_HOST', 'XAXBOT_WEB_PORT', 'XAXBOT_LAUNCHER_SET'];

/** The environment, and below it what `.env` sets; a variable that is empty there is not set. Error `config`. */
export function withDotenv(env: NodeJS.ProcessEnv, cwd: string): NodeJS.ProcessEnv {
  const path = join(cwd, '.env');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return env;
    throw new BotError('config', `${path} cannot be read: ${errorText(error)}.`, 'Fix or remove it.');
  }
  const given = Object.entries(parseDotenv(text)).filter(([, value]) => value !== '');
  return { ...Object.fromEntries(given), ...env };
}

/** Error `config` for a variable that looks like ours and is none. */
export function checkOwnVariables(env: NodeJS.ProcessEnv): void {
  const unknown = Object.keys(env).find((name) => name.startsWith('XAXBOT_') && !OWN.includes(name));
  if (unknown === undefined) return;
  const [close] = nearest(unknown, OWN, 1);
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
