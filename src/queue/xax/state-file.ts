import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { commonPrefix, commonSuffix } from './byte-difference.ts';
import type { Edit } from './state-edits.ts';

/** How much is read and compared at a time. */
const CHUNK = 256 * 1024;

/** A file at one moment: whoever renames another into its place leaves this one as it is. */
export interface OpenFile {
  size: number;
  isFile: boolean;
  /** What tells one version of it from another: inode, size and time. */
  mark: string;
  /** The bytes of a stretch, fewer where the file ends before: those of the next call take their place. */
  read(at: number, length: number): Buffer;
}

/** Opens the file for as long as `work` takes; undefined where there is none. Throws what the system says. */
export function withFile<T>(path: string, work: (file: OpenFile) => T): T | undefined {
  let fd: number;
  try {
    // A named pipe in its place would wait for a writer, and everything else with it.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  let room = Buffer.alloc(0);
  try {
    const found = fstatSync(fd);
    const { ino, size, mtimeMs } = found;
    return work({
      size,
      isFile: found.isFile(),
      mark: `${ino}:${size}:${mtimeMs}`,
      read(at, length) {
        if (room.length < length) room = Buffer.allocUnsafeSlow(length);
        let got = 0;
        while (got < length) {
          const count = readSync(fd, room, got, length - got, at + got);
          if (count === 0) break;
          got += count;
        }
        return room.subarray(0, got);
      },
    });
  } finally {
    closeSync(fd);
  }
}

/** How the content became what stands in the file; undefined where they are the same. */
export function differenceInFile(content: Buffer, file: OpenFile): Edit | undefined {
  const most = Math.min(content.length, file.size);
  let front = 0;
  while (front < most) {
    const length = Math.min(CHUNK, most - front);
    const same = commonPrefix(file.read(front, length), content.subarray(front, front + length));
    front += same;
    if (same < length) break;
  }
  if (front === content.length && front === file.size) return undefined;
  let back = 0;
  while (back < most - front) {
    const length = Math.min(CHUNK, most - front - back);
    const bytes = file.read(file.size - back - length, length);
    if (bytes.length < length) break;
    const same = commonSuffix(
      bytes,
      content.subarray(content.length - back - length, content.length - back),
      0,
    );
    back += same;
    if (same < length) break;
  }
  return {
    at: front,
    until: content.length - back,
    bytes: Buffer.from(file.read(front, file.size - back - front)),
  };
}

/** Whether a stretch of the file is that of the content. */
export function isSameIn(content: Buffer, file: OpenFile, from: number, to: number): boolean {
  for (let at = from; at < to; at += CHUNK) {
    const end = Math.min(to, at + CHUNK);
    if (!file.read(at, end - at).equals(content.subarray(at, end))) return false;
  }
  return true;
}
