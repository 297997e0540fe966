import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DiskTimings } from '../experiments/disk-file.ts';
import { experimentsDir, LOG_NAME, mustBeInside, sessionFolder } from '../experiments/session.ts';
import { makeTeamFolder } from '../experiments/team-files.ts';
import { resolveXaxHome } from '../queue/xax/home.ts';

/** Where a command is given. */
export interface Place {
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Epoch milliseconds. */
  now: number;
  timings?: DiskTimings;
}

/** What a command answers: the original script's JSON, and what is worth a line on standard error. */
export interface Answer {
  payload: Record<string, string | number>;
  warnings: string[];
}

export interface PathFlags {
  'experiments-dir'?: string | undefined;
  'experiment-name'?: string | undefined;
  'log-path'?: string | undefined;
}

/** The session that is meant where none is named, as in the original scripts. */
const DEFAULT_NAME = 'default';

/** The folder of all sessions. */
export function sessionsDir(given: string | undefined, { env, cwd }: Place): string {
  return given === undefined ? experimentsDir(resolveXaxHome(env, cwd)) : absolute(given, cwd);
}

/** A session's folder. Error `session-name` or `session-folder` for one that would leave the folder of all. */
export function folderOf(flags: PathFlags, place: Place): string {
  const name = (flags['experiment-name'] ?? DEFAULT_NAME).trim();
  return folderIn(sessionsDir(flags['experiments-dir'], place), name);
}

/** The folder of that name in the folder of all sessions. Errors `session-name`, `session-folder`. */
export function folderIn(dir: string, name: string): string {
  const folder = sessionFolder(dir, name);
  mustBeInside(dir, name);
  return folder;
}

/** The log that is meant; its folder is made where it is a session's. */
export async function experimentLogPath(flags: PathFlags, place: Place): Promise<string> {
  if (flags['log-path'] !== undefined) return absolute(flags['log-path'], place.cwd);
  const folder = folderOf(flags, place);
  if (!existsSync(folder)) await makeTeamFolder(folder);
  return join(folder, LOG_NAME);
}

export function absolute(path: string, cwd: string): string {
  return resolve(cwd, path.replace(/^~(?=\/|$)/, homedir()));
}
