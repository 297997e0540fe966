import { homedir } from 'node:os';
import { join } from 'node:path';
import { BotError } from '../core/errors.ts';
import { localUser } from '../files/passwd.ts';

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
    throw new BotError(
      'config',
      'This user has no home folder.',
      'Set HOME to a folder that belongs to this user.',
    );
  }
}
