import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Job } from '../../core/job.ts';
import { findLaunchables, type Launchable } from '../../projects/index.ts';
import { pythonsFor } from '../../projects/pythons.ts';
import { STATE_FILE } from '../../queue/xax/files.ts';
import { programsFor } from '../../queue/xax/programs.ts';
import { createStateReader } from '../../queue/xax/state-reader.ts';

/** Of so many of the newest jobs it is looked where they came from. */
const NEWEST = 20;
/** So many folders are proposed. */
const PROJECTS_MAX = 3;

/** The newest jobs of a queue, the newest first; none where its file cannot be read. */
export function newestJobs(home: string): Job[] {
  try {
    const reading = createStateReader('init', join(home, STATE_FILE)).read({ force: true });
    return reading.kind === 'state' ? [...reading.state.jobs.values()].slice(-NEWEST).reverse() : [];
  } catch {
    return [];
  }
}

/** Folders in which the training code may be: those of the newest jobs, of the active environment, and where this is run. */
export function likelyProjects(jobs: readonly Job[], env: NodeJS.ProcessEnv, cwd: string): string[] {
  const candidates = [
    ...jobs.flatMap((job) => folderOfJob(job) ?? []),
    ...jobs.map(({ pythonExecutable }) => dirname(dirname(dirname(pythonExecutable ?? '')))),
    ...(env.VIRTUAL_ENV ? [dirname(env.VIRTUAL_ENV)] : []),
    cwd,
  ];
  const folders = [...new Set(candidates)].filter((folder) => isProject(folder, env));
  const withCode = folders.filter((folder) => findLaunchables(folder).found.length > 0);
  return withCode
    .filter((folder) => !withCode.some((other) => folder.startsWith(`${other}/`)))
    .slice(0, PROJECTS_MAX);
}

/** Neither everything nor a home folder. */
function isProject(folder: string, { HOME }: NodeJS.ProcessEnv): boolean {
  const parts = folder.split('/').filter(Boolean);
  return folder.startsWith('/') && parts.length > 1 && folder !== HOME && existsSync(folder);
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
  /** What the Python was found by. */
  by: string;
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
  },
): { found: Runnable[]; remarks: string[] } {
  const { jobs, env, home, xaxBin, python: named } = known;
  const remarks = new Set<string>();
  const ofQueue = programsFor(undefined, undefined, xaxBin).pythons[0];
  const found = folders.flatMap((folder) => {
    const { found: launchables, isCut } = findLaunchables(folder);
    if (isCut)
      remarks.add(`${folder} has more than is looked at: name the folder of the code itself with --project.`);
    if (launchables.length === 0)
      remarks.add(`In ${folder} no module was found that launches a task of xax.`);
    return launchables.flatMap((each): Runnable[] => {
      if (named !== undefined) return [{ ...each, python: named, by: 'as you said' }];
      const ofJobs = jobs.map(({ pythonExecutable, taskKey }) => ({
        path: pythonExecutable ?? '',
        isOfProject: taskKey.startsWith(`${each.module}.`),
      }));
      const { found: pythons, refused } = pythonsFor(each.project, { env, home, ofJobs });
      for (const refusal of refused) remarks.add(refusal);
      const [best] = pythons;
      if (best) return [{ ...each, python: best.path, by: best.by }];
      if (ofQueue !== undefined) return [{ ...each, python: ofQueue, by: "the xax command's own" }];
      remarks.add(`No Python was found for ${each.project}: name it with --python.`);
      return [];
    });
  });
  return { found, remarks: [...remarks] };
}
