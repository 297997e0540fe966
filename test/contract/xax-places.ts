import { join } from 'node:path';
import { run } from '../../src/processes/run.ts';
import type { XaxPlace } from './xax-harness.ts';

/** The folder that the stand-in's `xax` package stands in. */
export const STAND_IN = join(import.meta.dirname, '..', 'servers', 'xax');

/** What is found first: `systemctl` is ours there, so that no real service is ever touched. */
const PATH = `${join(import.meta.dirname, '..', 'servers', 'systemd')}:${process.env.PATH}`;

/** The path of python3; undefined on a host without. */
export async function findPython(): Promise<string | undefined> {
  const argv = ['python3', '-c', 'import sys; print(sys.executable)'];
  const { exitCode, stdout } = await run({
    argv,
    env: { PATH: process.env.PATH },
    timeoutMs: 20_000,
    maxOutputBytes: 10_000,
  });
  return exitCode === 0 ? stdout.toString('utf8').trim() : undefined;
}

/** The stand-in. HOME alone tells which queue it is. */
export function standIn(python: string): XaxPlace {
  return {
    python,
    xaxBin: undefined,
    command: [python, '-m', 'xax.cli.main'],
    env: (folder) => ({ PATH, HOME: folder, PYTHONPATH: STAND_IN, PYTHONDONTWRITEBYTECODE: '1' }),
  };
}

/** The real xax that XAX_BIN names; undefined when it names none. */
export function realXax(): XaxPlace | undefined {
  const xaxBin = process.env.XAX_BIN;
  if (!xaxBin) return undefined;
  const python = join(xaxBin, '..', 'python');
  return {
    python,
    xaxBin,
    command: [xaxBin],
    env: (folder) => ({ PATH, HOME: folder, XAX_HOME: join(folder, 'queue-home'), JAX_PLATFORMS: 'cpu' }),
  };
}
