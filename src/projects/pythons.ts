import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { realPath } from '../files/real-path.ts';
import { cureText, remarksOn } from '../files/walls.ts';
import { notRunnable } from '../processes/find-program.ts';
import { MANIFESTS } from './import-root.ts';
import { entriesOf, isEnvironment } from './python-files.ts';
import { textOf } from './text-of.ts';

/** A Python that a project may be run with. */
export interface ProjectPython {
  path: string;
  /** What it was found by, for people. */
  by: string;
  /** It is the project's: of its folder, its tools or its jobs. */
  isOwn: boolean;
  /** It has xax, as far as its files tell. */
  hasXax: boolean;
}

/** How far above a folder its project may begin. */
const ABOVE_MAX = 3;
/** So many environments that are not a project's are named. */
const NAMED_MAX = 3;
/** What the environment of a project is called in its folder, pixi's too. */
const USUAL = ['.venv', 'venv', '.pixi/envs/default', 'env', '.env'];
/** Where conda keeps its environments when nobody says otherwise. */
const CONDA_HOMES = ['miniconda3', 'anaconda3', 'miniforge3', 'mambaforge', 'micromamba', '.conda'];

/**
 * The Pythons that a project may be run with, the best first: that of its jobs, those in its folder up to the top of the project, those that
 * its tools keep elsewhere; then, not its own, the one that is active, and that of the queue's newest jobs. What others could change is left
 * out, and PATH is not looked at. `refused`: what was found and not taken, in sentences.
 */
export function pythonsFor(
  project: string,
  known: {
    env: NodeJS.ProcessEnv;
    home: string;
    /** `python_executable` of the queue's jobs, the newest first, and whether a job is of this project. */
    ofJobs: readonly { path: string; isOfProject: boolean }[];
  },
): { found: ProjectPython[]; refused: string[] } {
  const { env, home, ofJobs } = known;
  const near = foldersFrom(project, home);
  const own = near.slice(0, foldersOfProject(near));
  const inFolders = own.flatMap((folder) => [
    ...environmentsIn(folder, { isAnyName: folder === project }).map((prefix) => ({
      prefix,
      by: `in ${folder}`,
    })),
    ...toolEnvironments(folder, env, home),
  ]);
  const active = [
    { prefix: env.VIRTUAL_ENV, by: 'the active environment' },
    { prefix: env.CONDA_PREFIX, by: "conda's active environment" },
  ];
  const candidates = [
    ...ofJobs
      .filter(({ isOfProject }) => isOfProject)
      .map(({ path }) => ({ path, by: 'its last job', isOwn: true })),
    ...inFolders.flatMap((each) => pythonOf(each, true)),
    ...active.flatMap((each) => pythonOf(each, false)),
    ...ofJobs.map(({ path }) => ({ path, by: "the queue's newest job", isOwn: false })),
  ].filter(({ path }) => isAbsolute(path) && notRunnable(path) === undefined);
  const each = candidates.filter(
    ({ path }, index) => candidates.findIndex((one) => one.path === path) === index,
  );
  const judged = each.map((one) => ({ ...one, refusal: refusalOf(one.path) }));
  const found = judged
    .filter(({ refusal }) => refusal === undefined)
    .map(({ path, by, isOwn }) => ({ path, by, isOwn, hasXax: hasPackage(path, 'xax') }));
  const isAnyOwn = found.some(({ isOwn }) => isOwn);
  return {
    found: [...found.filter(({ hasXax }) => hasXax), ...found.filter(({ hasXax }) => !hasXax)],
    refused: [
      ...judged.flatMap(({ refusal }) => refusal ?? []),
      ...(isAnyOwn ? [] : neighbours(project, near)),
    ],
  };
}

/** Why a Python that nobody named is not run, in sentences; undefined where nothing speaks against it. */
export function refusalOf(path: string): string | undefined {
  const remark = remarksOn('program', path).find(({ act }) => act === 'refuse');
  return remark && `${remark.what}: ${remark.why}. ${cureText({ cure: remark.cure, otherwise: undefined })}`;
}

function pythonOf({ prefix, by }: { prefix: string | undefined; by: string }, isOwn: boolean) {
  return prefix && isAbsolute(prefix) ? [{ path: join(prefix, 'bin', 'python'), by, isOwn }] : [];
}

/** The environments around a project that are not its own, in a sentence; none where there are none. */
function neighbours(project: string, near: readonly string[]): string[] {
  const pythons = near
    .flatMap((folder) => environmentsIn(folder, { isAnyName: true }))
    .map((prefix) => join(prefix, 'bin', 'python'))
    .filter((path) => notRunnable(path) === undefined && refusalOf(path) === undefined);
  const [first] = pythons;
  if (first === undefined) return [];
  const more = pythons.length - NAMED_MAX;
  const named = `${pythons.slice(0, NAMED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return [
    `Near ${project} is ${named}, which may be another project's and was left alone: --python ${first} takes it.`,
  ];
}

/** A project's folder and some of those above it, below the home. */
function foldersFrom(project: string, home: string): string[] {
  const folders = [project];
  for (let at = dirname(project); folders.length <= ABOVE_MAX && at !== home && at !== '/'; at = dirname(at))
    folders.push(at);
  return folders;
}

/** Of a folder and those above it, how many are its project's: up to the nearest top of one, and of its repository. */
function foldersOfProject(near: readonly string[]): number {
  const top = near.findIndex((folder) => MANIFESTS.some((mark) => existsSync(join(folder, mark))));
  const repository = near.findIndex((folder) => existsSync(join(folder, '.git')));
  return Math.max(0, top, repository) + 1;
}

/** Environments that stand in a folder: those with usual names, and then those with any other. */
function environmentsIn(folder: string, { isAnyName }: { isAnyName: boolean }): string[] {
  const others = (isAnyName ? entriesOf(folder) : [])
    .filter((entry) => entry.isDirectory() && !USUAL.includes(entry.name))
    .map(({ name }) => name);
  return [...USUAL, ...others].map((name) => join(folder, name)).filter(isEnvironment);
}

/** Environments that a project's tools keep outside of it. */
function toolEnvironments(
  folder: string,
  env: NodeJS.ProcessEnv,
  home: string,
): { prefix: string; by: string }[] {
  const ofUv = env.UV_PROJECT_ENVIRONMENT ? [resolve(folder, env.UV_PROJECT_ENVIRONMENT)] : [];
  return [
    ...(existsSync(join(folder, 'pyproject.toml')) ? ofUv : []).map((prefix) => ({
      prefix,
      by: "uv's environment",
    })),
    ...ofPoetry(folder, env, home).map((prefix) => ({ prefix, by: "poetry's environment" })),
    ...ofPipenv(folder, home).map((prefix) => ({ prefix, by: "pipenv's environment" })),
    ...ofConda(folder, home).map((prefix) => ({
      prefix,
      by: 'the conda environment of its environment.yml',
    })),
    ...ofPyenv(folder, env, home).map((prefix) => ({ prefix, by: 'its .python-version' })),
  ];
}

/** `NAME-HASH-py3.12`, in poetry's cache (EnvManager.generate_env_name of poetry 1.8 and 2.1). */
function ofPoetry(folder: string, env: NodeJS.ProcessEnv, home: string): string[] {
  const settings = textOf(join(folder, 'pyproject.toml'));
  const name = /^\s*name\s*=\s*["']([^"'\n]{1,200})["']/m.exec(settings)?.[1];
  if (name === undefined) return [];
  const cache = env.POETRY_CACHE_DIR || join(env.XDG_CACHE_HOME || join(home, '.cache'), 'pypoetry');
  const environments = env.POETRY_VIRTUALENVS_PATH || join(cache, 'virtualenvs');
  const safe = name
    .toLowerCase()
    .replace(/[ $`!*@"\\\r\n\t]/g, '_')
    .slice(0, 42);
  const hash = createHash('sha256').update(realPath(folder)).digest('base64url').slice(0, 8);
  return below(environments, (entry) => entry.startsWith(`${safe}-${hash}-py`));
}

/** pipenv writes the project's folder into the environment. */
function ofPipenv(folder: string, home: string): string[] {
  if (!existsSync(join(folder, 'Pipfile'))) return [];
  const environments = join(home, '.local', 'share', 'virtualenvs');
  return below(environments, (entry) => textOf(join(environments, entry, '.project')).trim() === folder);
}

/** The environment that `environment.yml` names, where conda has one of that name. */
function ofConda(folder: string, home: string): string[] {
  const declared = textOf(join(folder, 'environment.yml')) || textOf(join(folder, 'environment.yaml'));
  const name = /^name:[ \t]*["']?([\w.-]{1,200})/m.exec(declared)?.[1];
  if (name === undefined) return [];
  const listed = textOf(join(home, '.conda', 'environments.txt'))
    .split('\n')
    .map((line) => line.trim());
  const usual = [...CONDA_HOMES.map((each) => join(home, each)), '/opt/conda'].map((each) =>
    join(each, 'envs', name),
  );
  return [...listed.filter((path) => basename(path) === name), ...usual].filter(isEnvironment);
}

function ofPyenv(folder: string, env: NodeJS.ProcessEnv, home: string): string[] {
  const name = /^[\w.-]{1,100}$/m.exec(textOf(join(folder, '.python-version')))?.[0];
  const prefix = name && join(env.PYENV_ROOT || join(home, '.pyenv'), 'versions', name);
  return prefix && existsSync(prefix) ? [prefix] : [];
}

/** Whether a Python's own folder has a package, installed, or put there to be edited elsewhere. */
export function hasPackage(python: string, name: string): boolean {
  const libraries = join(dirname(dirname(python)), 'lib');
  const installed = new RegExp(
    `^(${name}|${name}-.*\\.(dist|egg)-info|([\\w.-]*[_.])?${name}([_.-].*)?\\.pth|${name}\\.egg-link)$`,
  );
  return below(libraries, (entry) => entry.startsWith('python')).some(
    (folder) => below(join(folder, 'site-packages'), (entry) => installed.test(entry)).length > 0,
  );
}

function below(folder: string, isWanted: (entry: string) => boolean): string[] {
  try {
    return readdirSync(folder)
      .filter(isWanted)
      .sort()
      .reverse()
      .map((entry) => join(folder, entry));
  } catch {
    return [];
  }
}
