import type { FileState } from '../core/queue.ts';

/** Whether nothing was written to a file, and it is no other one, since it was `seen`; two times that there is none are the same. */
export function isUnchanged(seen: FileState | null, found: FileState | null): boolean {
  return seen?.size === found?.size && seen?.mtimeMs === found?.mtimeMs && seen?.inode === found?.inode;
}
