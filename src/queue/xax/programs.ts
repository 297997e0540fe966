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

/** What is known of programs on the host that a queue is on. */
export interface ProgramFacts {
  exists(path: string): boolean;
  /** Why it is not run; undefined: it may be. */
  refusal(wall: WallName, path: string): Remark | undefined;
  /** The Python that a console script is run by. */
  interpreter(script: string): string | undefined;
}

const HERE: ProgramFacts = { exists: existsSync, refusal: refusalOf, interpreter: interpreterOf };

/**
 * Pythons that may have the queue's xax: that of the job itself, the one that runs the xax command, and those of the newest jobs.
 * Who may write the queue's file names them, so that only those are taken that nobody else can change.
 */
export function programsFor(
  jobId: string | undefined,
  snapshot: Pick<Snapshot, 'jobs'> | undefined,
  xaxBin: string | undefined,
  { exists, refusal, interpreter }: ProgramFacts = HERE,
): Programs {
  const named = xaxBin && interpreter(xaxBin);
  const [own, ...newest] = pythonsIn(jobId, snapshot);
  const found = [...new Set([own, named, ...newest])].filter(
    (path): path is string => Boolean(path) && isAbsolute(path!) && exists(path!),
  );
  const refusals = new Map(
    found.map((path) => [path, refusal(path === named ? 'named program' : 'program', path)]),
  );
  const pythons = found.filter((path) => refusals.get(path) === undefined);
  // -P: no module is taken from the folder where it is run, the queue's, into which others may write.
  const python = pythons[0] === undefined ? undefined : [pythons[0], '-P', '-m', 'xax.cli.main'];
  if (xaxBin) refusals.set(xaxBin, refusal('named program', xaxBin));
  const [refused] = [...refusals].filter(([, why]) => why !== undefined);
  return {
    pythons,
    xaxCommand: xaxBin && refusals.get(xaxBin) === undefined ? [xaxBin] : python,
    distrust: refused && distrustText(refused[0], refused[1]!),
  };
}

/** What the queue's file says of Pythons: the job's own first, or undefined, then those of the newest jobs. */
export function pythonsIn(
  jobId: string | undefined,
  snapshot: Pick<Snapshot, 'jobs'> | undefined,
): (string | undefined)[] {
  if (!snapshot) return [undefined];
  const { jobs } = snapshot;
  const newest = [...jobs.keys()].slice(-NEWEST).reverse();
  return [jobId, ...newest].map((id) => (id === undefined ? undefined : jobs.get(id)?.pythonExecutable));
}

/** Why a program was not run, in sentences. */
export function distrustText(program: string, { what, why, ...cure }: Remark): string {
  return `${program} was not run. ${what}: ${why}. ${cureText(cure)}`;
}

function refusalOf(wall: WallName, path: string): Remark | undefined {
  return remarksOn(wall, path).find(({ act }) => act === 'refuse');
}

function interpreterOf(script: string): string | undefined {
  try {
    const path = realpathSync(script);
    return interpreterIn(path, firstLine(path));
  } catch {
    return undefined;
  }
}

/** The Python that a console script is run by: its first line says so, else the one beside it. */
export function interpreterIn(path: string, line: string): string {
  const [, named] = /^#!\s*(\/\S*python[\d.]*)\s*$/m.exec(line) ?? [];
  return named ?? join(dirname(path), 'python');
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
