import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Snapshot } from '../../core/queue.ts';
import { cureText, type Remark, remarksOn, type WallName } from '../../files/walls.ts';

/** How many of the newest jobs are asked for their Python. */
const NEWEST = 3;
const SHEBANG_MAX_BYTES = 256;

/** What can be run of the queue's own xax. */
export interface Programs {
  /** Pythons that may have it, best first. */
  pythons: readonly string[];
  /** The xax command as an argument list: the configured one, else the first Python's own. */
  xaxCommand: readonly string[] | undefined;
  /** Why a Python that the queue names is not run, in sentences, where none is left. */
  distrust: string | undefined;
}

/**
 * Pythons that may have the queue's xax: that of the job itself, the one that runs the xax command, and those of the newest jobs.
 * Who may write the queue's file names them, so that only those are taken that nobody else can change.
 */
export function programsFor(
  jobId: string | undefined,
  snapshot: Pick<Snapshot, 'jobs'> | undefined,
  xaxBin: string | undefined,
): Programs {
  const jobs = snapshot?.jobs ?? new Map();
  const own = jobId === undefined ? undefined : jobs.get(jobId)?.pythonExecutable;
  const newest = [...jobs.values()].slice(-NEWEST).reverse();
  const named = xaxBin && interpreterOf(xaxBin);
  const found = [...new Set([own, named, ...newest.map((job) => job.pythonExecutable)])].filter(
    (path): path is string => Boolean(path) && isAbsolute(path!) && existsSync(path!),
  );
  const refusals = new Map(
    found.map((path) => [path, refusalOf(path === named ? 'named program' : 'program', path)]),
  );
  const pythons = found.filter((path) => refusals.get(path) === undefined);
  // -P: no module is taken from the folder where it is run, the queue's, into which others may write.
  const python = pythons[0] === undefined ? undefined : [pythons[0], '-P', '-m', 'xax.cli.main'];
  if (xaxBin) refusals.set(xaxBin, refusalOf('named program', xaxBin));
  const [refused] = [...refusals].filter(([, refusal]) => refusal !== undefined);
  return {
    pythons,
    xaxCommand: xaxBin && refusals.get(xaxBin) === undefined ? [xaxBin] : python,
    distrust: refused && distrustText(refused[0], refused[1]!),
  };
}

function distrustText(program: string, { what, why, ...cure }: Remark): string {
  return `${program} was not run. ${what}: ${why}. ${cureText(cure)}`;
}

function refusalOf(wall: WallName, path: string): Remark | undefined {
  return remarksOn(wall, path).find(({ act }) => act === 'refuse');
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
