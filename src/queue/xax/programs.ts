import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Snapshot } from '../../core/queue.ts';

/** How many of the newest jobs are asked for their Python. */
const NEWEST = 3;
const SHEBANG_MAX_BYTES = 256;

/**
 * Pythons that may have the queue's xax, best first: that of the job itself, the one that runs the xax command,
 * and those of the newest jobs.
 */
export function pythonsFor(
  jobId: string | undefined,
  snapshot: Snapshot | undefined,
  xaxBin: string | undefined,
): string[] {
  const jobs = snapshot?.jobs ?? new Map();
  const own = jobId === undefined ? undefined : jobs.get(jobId)?.pythonExecutable;
  const newest = [...jobs.values()].slice(-NEWEST).reverse();
  const found = [own, xaxBin && interpreterOf(xaxBin), ...newest.map((job) => job.pythonExecutable)];
  return [...new Set(found)].filter(
    (path): path is string => Boolean(path) && isAbsolute(path!) && existsSync(path!),
  );
}

/** The xax command as an argument list: the configured one, else the first Python's own. */
export function xaxCommand(
  pythons: readonly string[],
  xaxBin: string | undefined,
): readonly string[] | undefined {
  if (xaxBin) return [xaxBin];
  return pythons[0] === undefined ? undefined : [pythons[0], '-m', 'xax.cli.main'];
}

/** The Python that a console script is run by: its first line says so, else the one beside it. */
function interpreterOf(script: string): string | undefined {
  try {
    const path = realpathSync(script);
    const [, named] = /^#!\s*(\/\S*python[\d.]*)\s*$/m.exec(firstLine(path)) ?? [];
    return named ?? join(dirname(path), 'python');
  } catch {
    return undefined;
  }
}

function firstLine(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(SHEBANG_MAX_BYTES);
    const text = buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, 0));
    return text.split('\n')[0] ?? '';
  } finally {
    closeSync(fd);
  }
}
