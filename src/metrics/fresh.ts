import type { RunFiles } from '../core/queue.ts';
import { createBounded } from './bounded.ts';
import { EVENTS } from './sources/events.ts';
import { FORMATS } from './sources/index.ts';
import { type Format, folderOf } from './sources/source.ts';
import { isPartName } from './sub-runs.ts';
import { createSurvey, type FoundFile, type Reach } from './survey.ts';
import { createTagTable } from './tag-table.ts';

/**
 * A file counts as written while a job ran if it was so shortly after: clocks of file servers differ by that. None does that was
 * written before: the job before ends with its last writing right before the next one begins.
 */
const CLOCK_SLACK_MS = 2_000;
/** What is read of a file to see whether it has metrics. */
const TAGS_MAX = 200;
const POINTS_MAX = 16;

/** How far it is looked for a run that may be anywhere in a project: its data may lie there, too, and many runs of before. */
const PROJECT: Reach = { depth: 6, folders: 500, names: 2_000, allNames: 20_000, files: 5_000 };

/** When a job ran, epoch milliseconds; `until` is null while it does. */
export interface Lifetime {
  since: number;
  until: number | null;
}

/** The same files without those that were last written before a job began or after it had ended: of another run in the same folder. */
export function writtenIn(files: RunFiles, lifetime: () => Lifetime): RunFiles {
  return {
    ...files,
    async stat(path) {
      const found = await files.stat(path);
      const { since, until } = lifetime();
      if (!found || found.mtimeMs < since) return null;
      return until !== null && found.mtimeMs > until + CLOCK_SLACK_MS ? null : found;
    },
  };
}

/**
 * The folders of runs below a folder that have metrics which were written while a job ran; none of them lies in another.
 * Errors as of its files.
 */
export async function freshRuns(files: RunFiles, lifetime: Lifetime): Promise<string[]> {
  const fresh = writtenIn(files, () => lifetime);
  const roots = new Set<string>();
  for (const found of (await createSurvey(files, FORMATS, PROJECT).look()).files) {
    const root = rootOf(found.kind.runOf?.(found.path) ?? folderOf(found.path));
    if (!roots.has(root) && (await fresh.stat(found.path)) && (await hasMetrics(fresh, found)))
      roots.add(root);
  }
  const all = [...roots].sort();
  return all.filter((root) => !all.some((other) => contains(other, root)));
}

/** Whether a file is one of metrics, and not just called so. An event file's name is nobody else's, and nothing may be in it yet. */
async function hasMetrics(files: RunFiles, { path, kind }: FoundFile<Format>): Promise<boolean> {
  if (kind === EVENTS) return true;
  const keeping = {
    tags: createTagTable(TAGS_MAX),
    storeOf: (tag: string) => createBounded(tag, () => POINTS_MAX),
    isWhole: false,
  };
  const source = kind.open(files, path, keeping);
  await source.read();
  return source.logged().some(({ points }) => points.size > 0);
}

/** Whether `outer` is a folder above `inner`. */
function contains(outer: string, inner: string): boolean {
  return outer !== inner && (outer === '.' || inner.startsWith(`${outer}/`));
}

/** A run's folder without what stands for a part of the run: `train`, `rank_1`, `checkpoint-20`. */
function rootOf(folder: string): string {
  const parts = folder.split('/');
  while (parts.length > 1 && isPartName(parts.at(-1)!)) parts.pop();
  return parts.length === 1 && isPartName(parts[0]!) ? '.' : parts.join('/');
}

/** The folder that holds all of these, if it is not the one that they are told from. */
export function parentOf(roots: readonly string[]): string | undefined {
  const [first = '.', ...others] = roots;
  const parts = first.split('/').slice(0, -1);
  while (parts.length > 0 && !others.every((root) => root.startsWith(`${parts.join('/')}/`))) parts.pop();
  return parts.length > 0 ? parts.join('/') : undefined;
}
