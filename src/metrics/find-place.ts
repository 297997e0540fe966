import { join, resolve } from 'node:path';
import type { Job } from '../core/job.ts';
import type { RunFiles } from '../core/queue.ts';
import type { FoundPlace } from '../core/run-place.ts';
import { freshRuns, parentOf } from './fresh.ts';
import { pathsInLines, pathsInSettings } from './output-paths.ts';

/** Folders that a job names and that are looked at; more would be a list of data. */
const FOLDERS_MAX = 20;
/** A folder that its pattern may stand for. */
const MATCHES_MAX = 200;

/** What is known of a job that may tell where its run is. */
export interface PlaceClues {
  /** Epoch milliseconds. */
  startedAt: number;
  /** Where its program runs; null where nobody can tell: then only absolute paths are followed. */
  workingFolder: string | null;
  /** `runs:` of its preset or queue: a path with `*` in it, from the working folder. */
  pattern: string | null;
  settings: Readonly<Record<string, string>>;
  /** What it printed, oldest first. */
  lines: readonly string[];
}

/**
 * Where a job's run is that has no metrics in its run folder: by the pattern that somebody declared, by a setting that names
 * a folder, by a line that it printed, and by what was written in its working folder since it began. The first of these that
 * has metrics of this run tells it; where that has several, they are named and none is taken.
 */
export async function findPlace(
  job: Job,
  clues: PlaceClues,
  filesIn: (job: Job, folder: string) => RunFiles,
): Promise<FoundPlace> {
  const { workingFolder, pattern, settings, lines, startedAt } = clues;
  const look = async (folders: readonly string[], because: string, isNamed = true): Promise<FoundPlace> => {
    const found = new Set<string>();
    for (const folder of folders.slice(0, FOLDERS_MAX))
      for (const root of await freshIn(filesIn(job, folder), startedAt, isNamed))
        found.add(join(folder, root));
    const [first, ...others] = [...found].filter(
      (each) => ![...found].some((other) => each.startsWith(`${other}/`)),
    );
    if (first === undefined) return null;
    return others.length === 0 ? { place: { folder: first, because } } : { candidates: [first, ...others] };
  };
  const absolute = (path: string): string[] => {
    if (path.startsWith('/')) return [resolve(path)];
    return workingFolder === null || path.startsWith('~') ? [] : [resolve(workingFolder, path)];
  };

  if (pattern !== null) {
    const folders = await matching(job, absolute(pattern), filesIn);
    const found = await look(folders, 'as its preset says under "runs"');
    if (found) return found;
  }
  for (const { path, by } of pathsInSettings(settings)) {
    const found = await look(absolute(path), `as its setting ${by} says`);
    if (found) return found;
  }
  const printed = await look(pathsInLines(lines).flatMap(absolute), 'as a line says that it printed');
  if (printed) return printed;
  return workingFolder === null
    ? null
    : look(
        [workingFolder],
        'the only place in its working folder with metrics that were written since it began',
        false,
      );
}

/**
 * The runs below a folder that were written to since; none where it is not there, or is not to be read. Several in one folder are
 * attempts or trials of one run; without such a folder they are one run where the job named the place, and several else.
 */
async function freshIn(files: RunFiles, since: number, isNamed: boolean): Promise<string[]> {
  const roots = await freshRuns(files, since).catch(() => []);
  if (roots.length < 2) return roots;
  const parent = parentOf(roots) ?? (isNamed ? '.' : undefined);
  return parent === undefined ? roots : [parent];
}

/** The folders that a pattern stands for; `*` is any part of a name. */
async function matching(
  job: Job,
  patterns: readonly string[],
  filesIn: (job: Job, folder: string) => RunFiles,
): Promise<string[]> {
  let found: string[] = [];
  for (const pattern of patterns) {
    found = ['/'];
    for (const part of pattern.split('/').filter((each) => each !== '')) {
      if (!part.includes('*')) {
        found = found.map((folder) => join(folder, part));
        continue;
      }
      const name = new RegExp(`^${part.split('*').map(escaped).join('.*')}$`);
      const next: string[] = [];
      for (const folder of found) {
        const entries = await filesIn(job, folder)
          .entries('.', MATCHES_MAX)
          .catch(() => []);
        next.push(
          ...entries
            .filter(({ name: each, kind }) => kind === 'folder' && name.test(each))
            .map((each) => join(folder, each.name)),
        );
      }
      found = next.slice(0, MATCHES_MAX);
    }
  }
  return found;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
