import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isLogarithmic } from '../src/suggest/space.ts';
import type { TestFunction } from './suggest-functions.ts';
import type { Search, Settings } from './suggest-search.ts';

const VERSION = '5.0.0';
const SCRIPT = fileURLToPath(new URL('suggest_tpe.py', import.meta.url));
const run = promisify(execFile);

export interface Optuna {
  version: string;
  /** Begins a search; one at a time. */
  search(given: TestFunction, start: Settings, seed: number): Search;
  stop(): void;
}

/**
 * Optuna's own TPE with its own defaults, in a Python environment below the system's folder for temporary files, made
 * at the first call. Errors where there is no Python, or it cannot be installed.
 */
export async function startOptuna(): Promise<Optuna> {
  const folder = join(tmpdir(), `xaxbot-bench-optuna-${VERSION}`);
  const python = join(folder, 'bin', 'python');
  const isThere =
    existsSync(python) &&
    (await run(python, ['-c', 'import optuna; print(optuna.__version__)']).then(
      ({ stdout }) => stdout.trim() === VERSION,
      () => false,
    ));
  if (!isThere) {
    await run('python3', ['-m', 'venv', '--clear', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', `optuna==${VERSION}`]);
  }
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const answers = lines[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const { value, done } = await answers.next();
    if (done) throw new Error('The Python child of the bench ended.');
    return JSON.parse(value);
  };
  await once(child, 'spawn');
  const version = (await answer()) as string;

  return {
    version,
    search(given, start, seed) {
      const options = Object.entries(given.options).map(([key, { type, min, max }]) =>
        type === 'boolean'
          ? { key, choices: ['false', 'true'] }
          : { key, min: min!, max: max!, log: isLogarithmic(min!, max!) },
      );
      const numbers = Object.fromEntries(
        Object.entries(start).map(([key, text]) => [
          key,
          given.options[key]!.type === 'boolean' ? text : Number(text),
        ]),
      );
      return async (history) => {
        const last = history.at(-1);
        const asked = last ? { value: last.value } : { options, start: numbers, seed };
        child.stdin.write(`${JSON.stringify(asked)}\n`);
        const point = (await answer()) as Record<string, number | string>;
        return { settings: Object.fromEntries(Object.entries(point).map(([key, at]) => [key, String(at)])) };
      };
    },
    stop: () => child.stdin.end(),
  };
}
