import { isAbsolute } from 'node:path';
import type { Snapshot } from '../../core/queue.ts';
import type { FileHost } from '../../files/flaws.ts';
import { type Remark, remarksOn } from '../../files/walls.ts';
import type { Question } from '../../hosts/connection.ts';
import type { Host } from '../../hosts/host.ts';
import { distrustText, interpreterIn, type Programs, programsFor, pythonsIn } from './programs.ts';

/** Whoever can be asked about a host's files. */
interface Asked extends Pick<Host, 'facts'> {
  ask(question: Question): Promise<{ ok: unknown }>;
}

type Walked = ReturnType<FileHost['walk']>;

/** As hosts/there tells of a step. */
interface ThereStep {
  path: string;
  mode: number;
  uid: number;
  gid: number;
}

/** What can be run of a queue's own xax on another host: who may change it is judged here, by what is told of it. */
export async function programsThere(
  host: Asked,
  jobId: string | undefined,
  snapshot: Pick<Snapshot, 'jobs'> | undefined,
  /** The xax command; `~` is the home of a login there. */
  xaxBin: string | undefined,
): Promise<Programs> {
  const ways = new Map<string, Walked>();
  const walk = async (path: string) => ways.get(path) ?? (await walkThere(host, path, ways));
  const script = xaxBin === undefined ? undefined : (await walk(xaxBin)).end?.path;
  const interpreter = script === undefined ? undefined : interpreterIn(script, await firstLine(host, script));
  const named = [interpreter, ...pythonsIn(jobId, snapshot)];
  for (const path of new Set(named)) if (path && isAbsolute(path)) await walk(path);
  const fileHost = fileHostOf(host, ways);
  const programs = programsFor(jobId, snapshot, script, {
    exists: (path) => ways.get(path)?.end !== undefined,
    refusal: (wall, path) => remarksOn(wall, path, fileHost).find(({ act }) => act === 'refuse'),
    interpreter: () => interpreter,
  });
  if (xaxBin === undefined || script !== undefined) return programs;
  return { ...programs, distrust: notThere(xaxBin) };
}

/** Why a program of that host that the settings name is not run; undefined: it may be. */
export async function refusalThere(host: Asked, path: string): Promise<Remark | undefined> {
  return (await namedThere(host, path)).refusal;
}

/** Why the xax command that the settings name is not used, in sentences; undefined: it is. */
export async function binProblem(host: Asked, xaxBin: string): Promise<string | undefined> {
  const { isThere, refusal } = await namedThere(host, xaxBin);
  if (!isThere) return `${notThere(xaxBin)}.`;
  return refusal && distrustText(xaxBin, refusal);
}

async function namedThere(host: Asked, path: string) {
  const ways = new Map<string, Walked>();
  const { end } = await walkThere(host, path, ways);
  const remarks = remarksOn('named program', path, fileHostOf(host, ways));
  return { isThere: end !== undefined, refusal: remarks.find(({ act }) => act === 'refuse') };
}

function notThere(xaxBin: string): string {
  return `${xaxBin}, which bin names, is not there. Correct bin of the queue`;
}

/** What is known of a host's files, as far as it was walked there. */
function fileHostOf(host: Pick<Asked, 'facts'>, ways: ReadonlyMap<string, Walked>): FileHost {
  const ownUid = host.facts()?.uid ?? 0;
  return {
    walk: (path) => ways.get(path) ?? { steps: [], end: undefined },
    isTrusted: (uid) => uid === 0 || uid === ownUid,
    ownUid: () => ownUid,
    userName: (uid) => `uid ${uid}`,
  };
}

async function walkThere(host: Pick<Asked, 'ask'>, path: string, ways: Map<string, Walked>): Promise<Walked> {
  const { ok } = await host.ask({ do: 'walk', path });
  const { steps, end } = ok as { steps: ThereStep[]; end: ThereStep | null };
  const walked = { steps: steps.map(stepOf), end: undefined } as Walked;
  // The last step is the end itself, where anything is there.
  if (end) walked.end = walked.steps.find((step) => step.path === end.path) ?? stepOf(end);
  ways.set(path, walked);
  return walked;
}

async function firstLine(host: Pick<Asked, 'ask'>, path: string): Promise<string> {
  try {
    return String((await host.ask({ do: 'firstLine', path })).ok);
  } catch {
    return '';
  }
}

function stepOf({ path, mode, uid, gid }: ThereStep): Walked['steps'][number] {
  return { path, stat: { mode, uid, gid } };
}
