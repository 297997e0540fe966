import { isAbsolute } from 'node:path';
import type { Snapshot } from '../../core/queue.ts';
import type { FileHost } from '../../files/flaws.ts';
import { type Remark, remarksOn } from '../../files/walls.ts';
import type { Host } from '../../hosts/host.ts';
import { interpreterIn, type Programs, programsFor, pythonsIn } from './programs.ts';

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
  host: Pick<Host, 'ask' | 'facts'>,
  jobId: string | undefined,
  snapshot: Pick<Snapshot, 'jobs'> | undefined,
  xaxBin: string | undefined,
): Promise<Programs> {
  const ways = new Map<string, Walked>();
  const walk = async (path: string) => ways.get(path) ?? (await walkThere(host, path, ways));
  const script = xaxBin === undefined ? undefined : (await walk(xaxBin)).end?.path;
  const interpreter = script === undefined ? undefined : interpreterIn(script, await firstLine(host, script));
  const named = [interpreter, ...pythonsIn(jobId, snapshot)];
  for (const path of new Set(named)) if (path && isAbsolute(path)) await walk(path);
  const fileHost = fileHostOf(host, ways);
  return programsFor(jobId, snapshot, script, {
    exists: (path) => ways.get(path)?.end !== undefined,
    refusal: (wall, path) => remarksOn(wall, path, fileHost).find(({ act }) => act === 'refuse'),
    interpreter: () => interpreter,
  });
}

/** Why a program of that host that the settings name is not run; undefined: it may be. */
export async function refusalThere(
  host: Pick<Host, 'ask' | 'facts'>,
  path: string,
): Promise<Remark | undefined> {
  const ways = new Map<string, Walked>();
  await walkThere(host, path, ways);
  return remarksOn('named program', path, fileHostOf(host, ways)).find(({ act }) => act === 'refuse');
}

/** What is known of a host's files, as far as it was walked there. */
function fileHostOf(host: Pick<Host, 'facts'>, ways: ReadonlyMap<string, Walked>): FileHost {
  const ownUid = host.facts()?.uid ?? 0;
  return {
    walk: (path) => ways.get(path) ?? { steps: [], end: undefined },
    isTrusted: (uid) => uid === 0 || uid === ownUid,
    ownUid: () => ownUid,
    userName: (uid) => `uid ${uid}`,
  };
}

async function walkThere(host: Pick<Host, 'ask'>, path: string, ways: Map<string, Walked>): Promise<Walked> {
  const { ok } = await host.ask({ do: 'walk', path });
  const { steps, end } = ok as { steps: ThereStep[]; end: ThereStep | null };
  const walked = { steps: steps.map(stepOf), end: undefined } as Walked;
  // The last step is the end itself, where anything is there.
  if (end) walked.end = walked.steps.find((step) => step.path === end.path) ?? stepOf(end);
  ways.set(path, walked);
  return walked;
}

async function firstLine(host: Pick<Host, 'ask'>, path: string): Promise<string> {
  try {
    return String((await host.ask({ do: 'firstLine', path })).ok);
  } catch {
    return '';
  }
}

function stepOf({ path, mode, uid, gid }: ThereStep): Walked['steps'][number] {
  return { path, stat: { mode, uid, gid } };
}
