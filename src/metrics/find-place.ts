import { basename, dirname, join, resolve } from 'node:path';
import type { Job } from '../core/job.ts';
import type { RunFiles } from '../core/queue.ts';
import type { FoundPlace } from '../core/run-place.ts';
import { freshRuns, type Lifetime, parentOf } from './fresh.ts';
import { pathsInLines, pathsInSettings } from './output-paths.ts';
import { isPartName } from './sub-runs.ts';

/** Folders that a job names and that are looked at; more would be a list of data. */
const FOLDERS_MAX = 20;
/** Names that are held against a pattern, and the folders that it may stand for, the last changed first. */
const NAMES_MAX = 20_000;
const MATCHES_MAX = 200;

/** A place that a job names is waited for so long, before it is guessed from what is written elsewhere. Milliseconds. */
const PATIENCE_MS = 300_000;

/** `runs:` of a preset or queue: a path with `*` in it, from the working folder; `by` completes `as "runs" `. */
export interface Pattern {
  path: string;
  by: string;
}

/** Why a folder is a job's that a pattern stands for, as `RunPlace` says it: other words for another pattern. */
export function asDeclared({ path, by }: Pattern): string {
  return `as "runs" ${by} says (${path})`;
}

/** What is known of a job that may tell where its run is. */
export interface PlaceClues extends Lifetime {
  /** Where its program runs, the surest first; none where nobody can tell: then only absolute paths are followed. */
  workingFolders: readonly string[];
  /** `at`: its path with the home that it begins with, where it may begin with one. */
  pattern: (Pattern & { at?: string }) | null;
  /** What it was given, by name. */
  settings: Readonly<Record<string, string>>;
  /** What it printed, oldest first. */
  lines: readonly string[];
  /** How long it has run, milliseconds. */
  ranMs: number;
  /** Whether a folder is another job's: its run folder, or where one writes that ran at the same time. */
  isOthers(folder: string): Promise<boolean>;
}

/**
 * Where a job's run is that has no metrics in its run folder: by the pattern that somebody declared, by a setting that names
 * a folder, by a line that it printed, and by what was written in its working folder while it ran. The first of these that
 * has metrics of this run tells it; where that has several, they are named and none is taken.
 */
export async function findPlace(
  job: Job,
  clues: PlaceClues,
  filesIn: (folder: string) => RunFiles,
): Promise<FoundPlace> {
  const { workingFolders, pattern, settings, lines, isOthers } = clues;
  const own = resolve(job.runDir);
  const isFree = async (folder: string) => !isIn(folder, own) && !(await isOthers(folder));

  async function look(folders: readonly string[], because: string, isNamed = true): Promise<FoundPlace> {
    const found = new Set<string>();
    for (const folder of new Set(folders))
      if (isNamed ? await isFree(folder) : !isIn(folder, own))
        for (const root of await freshIn(folder, isNamed)) found.add(root);
    const [first, ...others] = [...found]
      .filter((each) => ![...found].some((other) => other !== each && isIn(each, other)))
      .sort();
    if (first === undefined) return null;
    return others.length === 0 ? { place: { folder: first, because } } : { candidates: [first, ...others] };
  }

  /**
   * The runs below a folder; none where it is not there, or is not to be read. Several in one folder are attempts or trials of
   * one run; without such a folder they are one run where the job named the place, and several else.
   */
  async function freshIn(folder: string, isNamed: boolean): Promise<string[]> {
    const roots = await freshRuns(filesIn(folder), clues).catch(() => []);
    const areFree = await Promise.all(roots.map((root) => isFree(join(folder, root))));
    const free = roots.filter((_root, at) => areFree[at]);
    const parent = free.length < 2 ? undefined : (parentOf(free) ?? (isNamed ? '.' : undefined));
    // Where another job's lie among them, nothing is one with what is beside it.
    const isOne = parent !== undefined && free.length === roots.length;
    return (isOne ? [parent] : free).map((root) => join(folder, root));
  }

  const absolute = (path: string): string[] => {
    if (path.startsWith('/')) return [resolve(path)];
    return path.startsWith('~') ? [] : workingFolders.map((folder) => resolve(folder, path));
  };

  if (pattern !== null) {
    const folders = await matching(absolute(pattern.at ?? pattern.path), filesIn);
    const found = await look(folders, asDeclared(pattern));
    if (found) return found;
  }
  for (const { path, by } of pathsInSettings(settings)) {
    const found = await look(absolute(path), `as its setting ${by} says`);
    if (found) return found;
  }
  const printed = await Promise.all(
    pathsInLines(lines)
      .flatMap(absolute)
      .slice(0, FOLDERS_MAX)
      .map((path) => folderOf(path, filesIn)),
  );
  const found = await look(printed, 'as a line says that it printed');
  if (found) return found;
  const isNamed = pattern !== null || pathsInSettings(settings).length > 0;
  if (isNamed && clues.until === null && clues.ranMs < PATIENCE_MS) return null;
  return look(
    workingFolders,
    'the only place in its working folder with metrics that were written while it ran',
    false,
  );
}

/** The run's folder where a path leads to a file in it, or to a part of it, as a checkpoint. */
async function folderOf(path: string, filesIn: (folder: string) => RunFiles): Promise<string> {
  const isFile = await filesIn(dirname(path))
    .stat(basename(path))
    .catch(() => null);
  let folder = isFile ? dirname(path) : path;
  while (isPartName(basename(folder))) folder = dirname(folder);
  return folder;
}

/** Whether a folder is `outer` or lies in it. */
export function isIn(folder: string, outer: string): boolean {
  return folder === outer || folder.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

/** The folders that a pattern stands for; `*` is any part of a name. */
async function matching(
  patterns: readonly string[],
  filesIn: (folder: string) => RunFiles,
): Promise<string[]> {
  const all: string[] = [];
  for (const pattern of patterns) {
    let found = ['/'];
    for (const part of pattern.split('/').filter((each) => each !== '')) {
      const inner: string[] = [];
      for (const folder of found)
        for (const name of part.includes('*') ? await foldersLike(part, filesIn(folder)) : [part])
          inner.push(join(folder, name));
      found = await lastChanged(inner, filesIn);
    }
    all.push(...found);
  }
  return all;
}

/** Of many the last that were changed: that of a run which began just now is among them. */
async function lastChanged(
  folders: readonly string[],
  filesIn: (folder: string) => RunFiles,
): Promise<string[]> {
  if (folders.length <= 1) return [...folders];
  const changes = await Promise.all(
    folders.map(async (folder) => ({
      folder,
      at: await filesIn(folder)
        .changedAt('.')
        .catch(() => null),
    })),
  );
  return changes
    .filter(({ at }) => at !== null)
    .sort((a, b) => b.at! - a.at!)
    .slice(0, MATCHES_MAX)
    .map(({ folder }) => folder);
}

async function foldersLike(pattern: string, files: RunFiles): Promise<string[]> {
  const entries = await files.entries('.', NAMES_MAX).catch(() => []);
  return entries
    .filter(({ name, kind }) => kind === 'folder' && isLike(name, pattern))
    .map(({ name }) => name);
}

/** Whether a name is one that a pattern stands for; each part is looked for where the one before ends. */
function isLike(name: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return name === first;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last))
    return false;
  let at = first.length;
  for (const part of others) {
    at = name.indexOf(part, at);
    if (at < 0) return false;
    at += part.length;
  }
  return at <= name.length - last.length;
}
