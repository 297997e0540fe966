import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { PythonModule } from './python-module.ts';

/** What says of a folder that it is the top of a project. */
export const MANIFESTS = ['pyproject.toml', 'setup.py', 'setup.cfg', '.git', 'pixi.toml'];
/** What stands in the top folder of a project. */
const MARKS = [...MANIFESTS, '.venv', 'venv'];
/** What `python -m` takes: no point, which would be another level. */
const PART = /^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u;

/** The folder of the project that a file belongs to, at or below the one that was named. */
export function projectOf(file: string, named: string): string {
  return (
    foldersUp(dirname(file), named).find((folder) => MARKS.some((mark) => existsSync(join(folder, mark)))) ??
    named
  );
}

/**
 * How `python -m` runs a file: the module's name, and the folder it is run in, so that what the module imports is found there. Of
 * several that is the project's own, or its `src`. Undefined where its path makes no name.
 */
export function runnableAs(
  file: string,
  project: string,
  { imports, wholes }: Pick<PythonModule, 'imports' | 'wholes'>,
): { module: string; folder: string } | undefined {
  const source = join(project, 'src');
  const tops = [...imports.values(), ...wholes]
    .filter(({ level }) => level === 0)
    .map(({ module }) => module.split('.')[0]!);
  const needed = [...new Set(tops)];
  const folders = foldersUp(dirname(file), project)
    .reverse()
    .filter((folder) => folder === project || !existsSync(join(folder, '__init__.py')));
  const ranked = folders
    .flatMap((folder) => {
      const module = moduleName(file, folder);
      const found = needed.filter((top) => isThere(folder, top)).length;
      return module === undefined ? [] : [{ folder, module, found, isSource: folder === source }];
    })
    .toSorted((a, b) => b.found - a.found || Number(b.isSource) - Number(a.isSource));
  const [best] = ranked;
  return best && { module: best.module, folder: best.folder };
}

/** A folder and those above it, up to another one. */
function foldersUp(from: string, to: string): string[] {
  const folders = [from];
  for (let at = from; at !== to && at !== dirname(at); at = dirname(at)) folders.push(dirname(at));
  return folders;
}

function isThere(folder: string, module: string): boolean {
  return existsSync(join(folder, `${module}.py`)) || existsSync(join(folder, module));
}

function moduleName(file: string, folder: string): string | undefined {
  const isPackage = basename(file) === '__main__.py';
  const path = isPackage ? dirname(file) : file.slice(0, -'.py'.length);
  const parts = relative(folder, path).split(sep).filter(Boolean);
  return parts.length > 0 && parts.every((part) => PART.test(part)) ? parts.join('.') : undefined;
}
