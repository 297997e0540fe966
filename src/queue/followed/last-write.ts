import type { RunFiles } from '../../core/queue.ts';

/** Files and folders below a run that are asked when they were written last; what lies beyond is not. */
const FILES_MAX = 5_000;
const FOLDERS_MAX = 1_000;
/** Of those that were written last, so many are asked first: as long as one goes on, nothing else is. */
const FRESHEST = 4;

export interface LastWrite {
  /** When anything below the folder was last written, epoch milliseconds; null: the folder is not there. Errors as of its files. */
  at(): Promise<number | null>;
}

/** Tells when a run last wrote, whatever it writes: files of metrics, checkpoints, what it prints. */
export function createLastWrite(files: RunFiles): LastWrite {
  let freshest: { path: string; at: number }[] = [];

  async function written(path: string): Promise<number | null> {
    return (await files.stat(path))?.mtimeMs ?? null;
  }

  async function walked(): Promise<number | null> {
    const top = await files.changedAt('.');
    if (top === null) return null;
    let last = top;
    let seen = 0;
    const found: typeof freshest = [];
    const folders = ['.'];
    for (let index = 0; index < folders.length && seen < FILES_MAX; index += 1) {
      const folder = folders[index]!;
      last = Math.max(last, (await files.changedAt(folder)) ?? 0);
      for (const { name, kind } of await files.entries(folder, FILES_MAX - seen)) {
        seen += 1;
        const path = folder === '.' ? name : `${folder}/${name}`;
        if (kind === 'folder' && folders.length < FOLDERS_MAX) folders.push(path);
        if (kind !== 'file') continue;
        const at = await written(path);
        if (at !== null) found.push({ path, at });
      }
    }
    freshest = found.sort((one, other) => other.at - one.at).slice(0, FRESHEST);
    return Math.max(last, freshest[0]?.at ?? 0);
  }

  return {
    async at() {
      for (const each of freshest) {
        const at = await written(each.path);
        if (at !== null && at > each.at) {
          each.at = at;
          return at;
        }
      }
      return walked();
    },
  };
}
