import type { FileState } from '../../core/queue.ts';
import { isUnchanged } from '../file-state.ts';
import type { Format } from './source.ts';

/** Aim's store (3.29): its series lie in RocksDB beside this file, which is a format of one program and is not read. */
export const AIM: Format = {
  name: 'Aim',
  claims: (path) => /(^|\/)\.aim\/run_metadata\.sqlite$/.test(path),
  open(files, path) {
    let seen: FileState | null = null;
    return {
      async read() {
        const found = await files.stat(path);
        if (isUnchanged(seen, found)) return false;
        seen = found;
        return true;
      },
      logged: () => [],
      damaged: () => 0,
      writtenAt: () => null,
      problem: () =>
        "is of Aim's store, which is not read: `aim up` shows it; what is logged to TensorBoard, a table or JSON beside it is read",
    };
  },
};
