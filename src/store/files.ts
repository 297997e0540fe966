import { createHash } from 'node:crypto';
import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import type { FileRef } from '../core/message.ts';
import { filePlace, filesFolder } from './file-place.ts';

/** Files that messages refer to, below `<data dir>/files`, named by their content. */
export interface FileStore {
  /** Keeps the bytes; the same bytes are kept once. `extension` without the dot. */
  save(bytes: Uint8Array, extension: string): Promise<FileRef>;
  /** Keeps the bytes under a name that was made of another file's. */
  keep(ref: FileRef, bytes: Uint8Array): Promise<void>;
  /** Where a kept file lies; undefined for a name that `save` cannot have made. */
  pathOf(ref: FileRef): string | undefined;
}

export function createFileStore(dataDir: string): FileStore {
  const folder = filesFolder(dataDir);
  const pathOf = (ref: FileRef) => filePlace(dataDir, ref);
  async function keep({ file }: FileRef, bytes: Uint8Array): Promise<void> {
    const path = pathOf({ file });
    if (!path) throw new TypeError(`not the name of a file: ${file}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(`${path}.part`, bytes, { mode: 0o600 });
    await rename(`${path}.part`, path);
  }
  return {
    pathOf,
    keep,
    async save(bytes, extension) {
      const file = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.${extension}`;
      const path = pathOf({ file });
      if (!path) throw new TypeError(`not a file extension: ${extension}`);
      // As of now it is wanted again, however old it is.
      const now = new Date();
      const isThere = await utimes(path, now, now).then(
        () => true,
        () => false,
      );
      if (isThere) return { file };
      await keep({ file }, bytes);
      return { file };
    },
  };
}
