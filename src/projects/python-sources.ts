import { statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type Import, type PythonClass, type PythonModule, readModule } from './python-module.ts';
import { type Statement, statementsOf } from './python-tokens.ts';
import { textOf } from './text-of.ts';

/** Packages are in one another at most so deep. */
const LEVELS_MAX = 12;

/** A module, and the folder that its imports are looked for in. */
export interface Located {
  path: string;
  root: string;
  module: PythonModule;
}

/** What a name stands for: something of the project's own, or the path of what is imported from elsewhere. */
export type Meaning = { at: Located; name: string } | { elsewhere: string };

/** Reads the modules of projects, each once. */
export function createSources() {
  const modules = new Map<string, PythonModule | undefined>();

  function locate(path: string, root: string): Located | undefined {
    if (!modules.has(path)) {
      const isThere = statSync(path, { throwIfNoEntry: false })?.isFile();
      modules.set(path, isThere ? readModule(textOf(path)) : undefined);
    }
    const module = modules.get(path);
    return module && { path, root, module };
  }

  /** The module of that name below a root: its file, or its package's. */
  function find(root: string, name: string): Located | undefined {
    const path = join(root, ...name.split('.'));
    return locate(`${path}.py`, root) ?? locate(join(path, '__init__.py'), root);
  }

  /** What a path of names, `config.Model`, means in a module. `seen`: where it was looked for, since imports may go in circles. */
  function meaningIn(at: Located, path: string, seen = new Set<string>()): Meaning | undefined {
    const [first = '', ...rest] = path.split('.');
    const { module } = at;
    const key = `${at.path} ${path}`;
    if (seen.has(key)) return undefined;
    seen.add(key);
    if (rest.length === 0 && (module.classes.has(first) || module.functions.has(first)))
      return { at, name: first };
    const imported = module.imports.get(first);
    if (imported) return meaningOf(at, [absolute(at, imported), ...rest].join('.'), seen);
    for (const whole of module.wholes) {
      const found = meaningOf(at, `${absolute(at, whole)}.${path}`, seen);
      if (found && 'at' in found) return found;
    }
    return undefined;
  }

  /** The same of a path from the root on: the longest part of it that is a module of the project, and a name in that. */
  function meaningOf(at: Located, path: string, seen: Set<string>): Meaning | undefined {
    const parts = path.split('.').slice(0, LEVELS_MAX);
    // A checkout of xax itself is its own project.
    for (let count = parts[0] === 'xax' ? 0 : parts.length - 1; count > 0; count -= 1) {
      const found = find(at.root, parts.slice(0, count).join('.'));
      if (found) return meaningIn(found, parts.slice(count).join('.'), seen);
    }
    return { elsewhere: path };
  }

  return {
    statements: (path: string): Statement[] => statementsOf(textOf(path)),
    locate,
    meaningIn,
    classIn(at: Located, path: string): { at: Located; found: PythonClass } | undefined {
      const meaning = meaningIn(at, path);
      const found = meaning && 'at' in meaning ? meaning.at.module.classes.get(meaning.name) : undefined;
      return found && meaning && 'at' in meaning ? { at: meaning.at, found } : undefined;
    },
  };
}

export type Sources = ReturnType<typeof createSources>;

/** The whole path of what is imported: points before it go up from the module's folder. */
function absolute({ path, root }: Located, { module, level, name }: Import): string {
  const own = relative(root, dirname(path)).split(sep).filter(Boolean);
  const base = level === 0 ? [] : own.slice(0, own.length - (level - 1));
  return [...base, ...(module === '' ? [] : [module]), ...(name === undefined ? [] : [name])].join('.');
}
