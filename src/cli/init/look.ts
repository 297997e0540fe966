import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Job } from '../../core/job.ts';
import { realPath } from '../../files/real-path.ts';
import { findLaunchables, type Launchable } from '../../projects/index.ts';
import { isSourceOfXax } from '../../projects/python-files.ts';
import { pythonsFor } from '../../projects/pythons.ts';
import { STATE_FILE } from '../../queue/xax/files.ts';
import { programsFor } from '../../queue/xax/programs.ts';
import { createStateReader } from '../../queue/xax/state-reader.ts';

/** Of so many of the newest jobs it is looked where they came from. */
const NEWEST = 20;
/** So many folders are proposed. */
const PROJECTS_MAX = 3;
/** The bot's own code, and its tests' examples. */
const OURS = fileURLToPath(new URL('../../..', import.meta.url));

/** What can be launched from a folder, which is read once. */
export type Launchables = typeof findLaunchables;

export function createLaunchables(): Launchables {
  const known = new Map<string, ReturnType<Launchables>>();
  return (folder) => {
    const found = known.get(folder) ?? findLaunchables(folder);
    known.set(folder, found);
    return found;
  };
}

/** The newest jobs of a queue, the newest first; none where its file cannot be read. */
export function newestJobs(home: string): Job[] {
  try {
    const reading = createStateReader('init', join(home, STATE_FILE)).read({ force: true });
    if (reading.kind !== 'state') return [];
    const { jobs } = reading.state;
    const newest = [...jobs.keys()].slice(-NEWEST).reverse();
    return newest.map((id) => jobs.get(id)!);
  } catch {
    return [];
  }
}

/** Folders in which the training code may be: where this is run, and those of the newest jobs and of the active environment. */
export function likelyProjects(
  jobs: readonly Job[],
  { env, cwd }: { env: NodeJS.ProcessEnv; cwd: string },
  launchables: Launchables,
): string[] {
  const aroundPythons = [
    ...jobs.map(({ pythonExecutable }) => dirname(dirname(dirname(pythonExecutable ?? '')))),
    ...(env.VIRTUAL_ENV ? [dirname(env.VIRTUAL_ENV)] : []),
  ];
  const candidates = [
    cwd,
    ...jobs.flatMap((job) => folderOfJob(job) ?? []),
    // Where xax was cloned to be installed from, its own environment may stand, which others' code is run with.
    ...aroundPythons.filter((folder) => !isSourceOfXax(folder)),
  ];
  const inProjects = candidates.filter((folder) => isProject(folder, env));
  // A folder may be reached by several paths: the first counts.
  const folders = [...Map.groupBy(inProjects, realPath).values()].map(([folder]) => folder!);
  const withCode = folders.filter((folder) => launchables(folder).found.length > 0);
  return withCode
    .filter((folder) => !withCode.some((other) => folder.startsWith(`${other}/`)))
    .slice(0, PROJECTS_MAX);
}

/** Neither everything nor a home folder, nor ours. */
function isProject(folder: string, { HOME }: NodeJS.ProcessEnv): boolean {
  const parts = folder.split('/').filter(Boolean);
  return (
    folder.startsWith('/') &&
    parts.length > 1 &&
    folder !== HOME &&
    !`${realPath(folder)}/`.startsWith(OURS) &&
    existsSync(folder)
  );
}

/** The folder that a job's module was run in: xax puts runs beside the task's file, unless it is told otherwise. */
function folderOfJob({ runDir, taskKey }: Job): string | undefined {
  const module = taskKey.split('.').slice(0, -1);
  if (!runDir || module.length === 0) return undefined;
  const beside = dirname(dirname(runDir));
  const folder = module.slice(1).reduce((at) => dirname(at), beside);
  return existsSync(`${join(folder, ...module)}.py`) ? folder : undefined;
}

/** A module that can be launched, and what it is run with. */
export interface Runnable extends Launchable {
  python: string;
}

/** What can be launched from some folders, and what is to be said of the rest. */
export function runnables(
  folders: readonly string[],
  known: {
    jobs: readonly Job[];
    env: NodeJS.ProcessEnv;
    home: string;
    xaxBin: string | undefined;
    python: string | undefined;
    launchables: Launchables;
  },
): { found: Runnable[]; remarks: string[] } {
  const { jobs, env, home, xaxBin, python: named, launchables } = known;
  const remarks = new Set<string>();
  const ofQueue = programsFor(undefined, undefined, xaxBin).pythons[0];
  const ofXax =
    ofQueue === undefined ? undefined : { path: ofQueue, by: "the xax command's own", isOwn: false };
  const found = folders.flatMap((folder) => {
    const { found, isCut } = launchables(folder);
    if (isCut)
      remarks.add(`${folder} has more than is looked at: name the folder of the code itself with --project.`);
    if (found.length === 0) remarks.add(`In ${folder} no module was found that launches a task of xax.`);
    return found.flatMap((each): Runnable[] => {
      if (named !== undefined) return [{ ...each, python: named }];
      const ofJobs = jobs.map(({ pythonExecutable, taskKey }) => ({
        path: pythonExecutable ?? '',
        isOfProject: taskKey.startsWith(`${each.module}.`),
      }));
      const { found: pythons, refused } = pythonsFor(each.project, { env, home, ofJobs });
      for (const refusal of refused) remarks.add(refusal);
      const [best = ofXax] = pythons;
      if (!best) remarks.add(`No Python was found for ${each.project}: name it with --python.`);
      else if (!best.isOwn)
        remarks.add(
          `No Python with xax was found that is of ${each.project} itself: ${best.path} is taken, ${best.by}. --python names another.`,
        );
      return best ? [{ ...each, python: best.path }] : [];
    });
  });
  return { found, remarks: [...remarks] };
}
