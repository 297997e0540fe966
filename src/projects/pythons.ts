import { createHash } from 'node:crypto';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { readRegularSync } from '../files/regular.ts';
import { cureText, remarksOn } from '../files/walls.ts';
import { notRunnable } from '../processes/find-program.ts';
import { entriesOf, isEnvironment } from './python-files.ts';

/** A Python that a project may be run with. */
export interface ProjectPython {
  path: string;
  /** What it was found by, for people. */
  by: string;
  /** It has xax, as far as its files tell. */
  hasXax: boolean;
}

/** More than a settings file of a project has. */
const SETTINGS_MAX_BYTES = 1_048_576;
/** How far above a project its environment is looked for. */
const ABOVE_MAX = 3;
/** Where conda keeps its environments when nobody says otherwise. */
const CONDA_HOMES = ['miniconda3', 'anaconda3', 'miniforge3', 'mambaforge', 'micromamba', '.conda'];

/**
 * The Pythons of a project, the best first: that of its jobs, those in its folder and above it, those that its tools keep elsewhere,
 * the one that is active, and that of the queue's newest jobs. What others could change is left out, and PATH is not looked at.
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
  const inFolders = foldersFrom(project, home).flatMap((folder) => [
    ...environmentsIn(folder).map((prefix) => ({ prefix, by: `in ${folder}` })),
    ...toolEnvironments(folder, env, home),
  ]);
  const active = [
    { prefix: env.VIRTUAL_ENV, by: 'the active environment' },
    { prefix: env.CONDA_PREFIX, by: "conda's active environment" },
  ];
  const candidates = [
    ...ofJobs.filter(({ isOfProject }) => isOfProject).map(({ path }) => ({ path, by: 'its last job' })),
    ...[...inFolders, ...active].flatMap(({ prefix, by }) =>
      prefix && isAbsolute(prefix) ? [{ path: join(prefix, 'bin', 'python'), by }] : [],
    ),
    ...ofJobs.map(({ path }) => ({ path, by: "the queue's newest job" })),
  ].filter(({ path }) => isAbsolute(path) && notRunnable(path) === undefined);
  const each = candidates.filter(
    ({ path }, index) => candidates.findIndex((one) => one.path === path) === index,
  );
  const judged = each.map((one) => ({ ...one, refusal: refusalOf(one.path) }));
  const found = judged
    .filter(({ refusal }) => refusal === undefined)
    .map(({ path, by }) => ({ path, by, hasXax: hasPackage(path, 'xax') }));
  return {
    found: [...found.filter(({ hasXax }) => hasXax), ...found.filter(({ hasXax }) => !hasXax)],
    refused: judged.flatMap(({ refusal }) => refusal ?? []),
  };
}

/** Why a Python that nobody named is not run, in sentences; undefined where nothing speaks against it. */
export function refusalOf(path: string): string | undefined {
  const remark = remarksOn('program', path).find(({ act }) => act === 'refuse');
  return remark && `${remark.what}: ${remark.why}. ${cureText({ cure: remark.cure, otherwise: undefined })}`;
}

/** A project's folder and some of those above it, below the home. */
function foldersFrom(project: string, home: string): string[] {
  const folders = [project];
  for (let at = dirname(project); folders.length <= ABOVE_MAX && at !== home && at !== '/'; at = dirname(at))
    folders.push(at);
  return folders;
}

/** Environments that stand in a folder: those with usual names first, and pixi's. */
function environmentsIn(folder: string): string[] {
  const usual = ['.venv', 'venv', '.pixi/envs/default', 'env', '.env'];
  const others = entriesOf(folder)
    .filter((entry) => entry.isDirectory() && !usual.includes(entry.name))
    .map(({ name }) => name);
  return [...usual, ...others].map((name) => join(folder, name)).filter(isEnvironment);
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
  const hash = createHash('sha256').update(real(folder)).digest('base64url').slice(0, 8);
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

function textOf(path: string): string {
  try {
    return readRegularSync(path, SETTINGS_MAX_BYTES).toString('utf8');
  } catch {
    return '';
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
