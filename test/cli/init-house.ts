import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../src/config/config.ts';
import { temporaryFolder } from '../helpers.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));
const PROJECT = fileURLToPath(new URL('../fixtures/projects/toy', import.meta.url));

/** A home with a project that has an environment of its own, and a folder for the bot. */
export function house(environment = '.venv') {
  const home = temporaryFolder();
  const project = join(home, 'proj');
  cpSync(PROJECT, project, { recursive: true });
  const bin = join(project, environment, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(project, environment, 'pyvenv.cfg'), '');
  for (const name of ['python', 'xax']) writeFileSync(join(bin, name), '#!/bin/sh\n', { mode: 0o755 });
  const cwd = join(home, 'bot');
  mkdirSync(cwd);
  const env = { PATH: '/usr/bin:/bin', HOME: home, TZ: 'Asia/Kolkata' };
  const runWith = (other: { cwd?: string; env?: NodeJS.ProcessEnv }, ...args: string[]) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [PROGRAM, 'init', ...args], {
      ...{ cwd, env, ...other },
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { stdout, stderr, status };
  };
  const run = (...args: string[]) => runWith({}, ...args);
  const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
  return {
    home,
    project,
    cwd,
    env,
    run,
    runWith,
    read,
    python: join(bin, 'python'),
    config: () => loadConfig({ env, cwd }),
  };
}
