import type { GitState } from '../core/links.ts';
import type { RunFiles } from '../core/queue.ts';

/** Where xax writes it (xax/task/mixins/train.py of 0.4.9). */
const STATE_FILE = 'state.txt';
/** It stands near the file's beginning; a diff behind it may be long. */
const READ_MAX = 64 * 1024;
const COMMIT = /^Commit: ([0-9a-f]{40}(?:[0-9a-f]{24})?)$/m;

/** The commit that a run recorded in its state file; null where it recorded none. */
export async function readGitState(files: Pick<RunFiles, 'stat' | 'read'>): Promise<GitState | null> {
  const found = await files.stat(STATE_FILE);
  if (!found) return null;
  const bytes = await files.read(STATE_FILE, 0, Math.min(found.size, READ_MAX));
  return gitStateIn(Buffer.from(bytes).toString('utf8'));
}

/** Git's words of tracked files that are not as they were committed (wt-status.c); GitPython asks for them in English. */
const DIRTY = /^ {4}(Changes to be committed|Changes not staged for commit|Unmerged paths):$/m;

/** The same of the file's text: `get_git_state` of xax/utils/experiments.py writes `git status` below the commit. */
export function gitStateIn(text: string): GitState | null {
  const begin = text.indexOf('=== Git State ===');
  if (begin < 0) return null;
  const end = text.indexOf('\n=== Packages ===', begin);
  const section = text.slice(begin, end < 0 ? undefined : end);
  const [, commit] = COMMIT.exec(section) ?? [];
  return commit === undefined ? null : { commit, isDirty: DIRTY.test(section) };
}
