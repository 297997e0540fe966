import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClientOfMatrix } from './list.ts';

const run = promisify(execFile);
/** Where clients stay installed between runs; `PYTHON` names another Python than the first of these that runs. */
const FOLDER = process.env.XAXBOT_CLIENTS_FOLDER ?? join(tmpdir(), 'xaxbot-clients');
const PYTHONS = ['python3.12', 'python3.13', 'python3.11', 'python3'];
const TIMEOUT_MS = 600_000;

/** Installs a client from PyPI or npm, unless these versions are there already. Resolves to its folder. */
export async function install({ name, from, packages }: ClientOfMatrix): Promise<string> {
  const folder = join(FOLDER, name.toLowerCase().replaceAll(' ', '-'));
  const mark = join(folder, 'installed.json');
  const wanted = JSON.stringify(packages);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const options = { cwd: folder, timeout: TIMEOUT_MS, env: withoutNpmSettings(process.env) };
  if (from === 'npm') {
    writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
    await run('npm', ['install', '--no-audit', '--no-fund', ...packages], options);
  } else {
    await run(await findPython(), ['-m', 'venv', 'venv'], options);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await run('venv/bin/python', [...pip, ...packages], options);
  }
  writeFileSync(mark, wanted);
  return folder;
}

/** `npm run` hands on this project's own settings, which forbid the scripts by which some clients install their program. */
function withoutNpmSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_config_/i.test(name)));
}

async function findPython(): Promise<string> {
  const { PYTHON } = process.env;
  for (const name of PYTHON ? [PYTHON] : PYTHONS)
    if (
      await run(name, ['--version']).then(
        () => true,
        () => false,
      )
    )
      return name;
  throw new Error(`None of ${PYTHONS.join(', ')} runs here: install one, or set PYTHON.`);
}
