import type { RunFiles } from '../core/queue.ts';
import { FORMATS } from './sources/index.ts';
import { folderOf } from './sources/source.ts';
import { isPartName } from './sub-runs.ts';
import { createSurvey, type Reach } from './survey.ts';

/** A file counts as written since a job began if it was so shortly before: clocks of file servers differ by that. */
const CLOCK_SLACK_MS = 2_000;

/** How far it is looked for a run that may be anywhere in a project: its data may lie there, too. */
const PROJECT: Reach = { depth: 6, folders: 500, names: 2_000, allNames: 20_000 };

/** The same files without those that were last written before a time, epoch milliseconds: of another run in the same folder. */
export function writtenSince(files: RunFiles, since: number): RunFiles {
  return {
    ...files,
    async stat(path) {
      const found = await files.stat(path);
      return found && found.mtimeMs >= since - CLOCK_SLACK_MS ? found : null;
    },
  };
}

/**
 * The folders of runs below a folder that have metrics which were written since a time, epoch milliseconds; none of them lies
 * in another. Errors as of `files`.
 */
export async function freshRuns(files: RunFiles, since: number): Promise<string[]> {
  const fresh = writtenSince(files, since);
  const paths: string[] = [];
  for (const { path } of (await createSurvey(files, FORMATS, PROJECT).look()).files)
    if (await fresh.stat(path)) paths.push(path);
  const roots = [...new Set(paths.map((path) => rootOf(folderOf(path))))].sort();
  return roots.filter((root) => !roots.some((other) => contains(other, root)));
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
