import type { FileState, RunFiles } from '../../core/queue.ts';
import { inSlices, type Slices } from '../../core/slices.ts';
import { isUnchanged } from '../file-state.ts';
import { ENCODING_BYTES, notUtf8, withoutMark } from './encoding.ts';

/** A larger document is not read: it is held in memory as a whole while it is taken in. A Trainer that logs each of 100,000 steps writes 18 MiB. */
const BYTES_MAX = 24 << 20;

/**
 * A document that its writer replaces as a whole. `take` takes it in, slice by slice, with when it was written, epoch seconds; where
 * it throws, what was known before stays, since a document may be seen half-written.
 */
export function createDocument(
  files: RunFiles,
  path: string,
  { take, forget }: { take(json: Buffer, writtenAt: number): Slices<void>; forget(): void },
) {
  let seen: FileState | null = null;
  let problem: string | null = null;

  return {
    async read(): Promise<boolean> {
      const found = await files.stat(path);
      if (!found) {
        const wasThere = seen !== null;
        seen = null;
        if (wasThere) forget();
        return wasThere;
      }
      if (isUnchanged(seen, found)) return false;
      seen = found;
      if (found.size > BYTES_MAX) {
        problem = `has ${found.size} bytes; at most ${BYTES_MAX} are read`;
        return true;
      }
      const json = withoutMark(await files.read(path, 0, found.size));
      problem = notUtf8(json.subarray(0, ENCODING_BYTES));
      if (problem !== null) return true;
      try {
        await inSlices(take(json, found.mtimeMs / 1_000));
        problem = null;
      } catch (error) {
        problem = `is no whole JSON: ${(error as Error).message}`;
      }
      return true;
    },
    writtenAt: () => seen?.mtimeMs ?? null,
    problem: () => problem,
  };
}
