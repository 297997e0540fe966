import { isAbsolute, resolve } from 'node:path';
import { BotError } from '../../core/errors.ts';
import { hold } from '../../files/walls.ts';
import { findProgram, notRunnable } from '../../processes/find-program.ts';
import { expandHome } from '../expand-home.ts';
import { resolveXaxHome } from './home.ts';

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

/**
 * The xax command; undefined without one on PATH. Error `config` when the setting, by its name, names no program, `not-ours` when
 * everybody may write it.
 */
export function xaxCommand(
  env: NodeJS.ProcessEnv,
  cwd: string,
  { name, value: named } = { name: 'XAX_BIN', value: env.XAX_BIN },
): string | undefined {
  if (!named) return held(findProgram('xax', withoutRelative(env), cwd));
  const isPath = named.includes('/') || named.startsWith('~');
  const path = isPath ? resolve(cwd, expandHome(named, env)) : findProgram(named, env, cwd);
  const wrong = path === undefined ? 'is not on PATH' : notRunnable(path);
  if (wrong === undefined) return held(path);
  throw new BotError(
    'config',
    `${name} is "${named}", which ${wrong}.`,
    'Name the xax command by its path, or leave it out.',
  );
}

function held(program: string | undefined): string | undefined {
  if (program !== undefined) hold('named program', program);
  return program;
}

/** Where nobody names it, a folder in which the bot happens to be started gives no program. */
function withoutRelative(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const folders = env.PATH?.split(':').filter(isAbsolute);
  return folders === undefined ? env : { ...env, PATH: folders.join(':') };
}
