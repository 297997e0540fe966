import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunFiles } from '../core/queue.ts';
import { maskedCrc32c } from './crc32c.ts';
import { createTagTable, parseEvent, type ScalarSink } from './event-parser.ts';

/** How much is read between two turns of the event loop, bytes: a slice is parsed in a few milliseconds. */
const SLICE_BYTES = 1 << 20;
/** A record longer than this is taken for damage; xax's images and histograms are far below. */
const RECORD_MAX = 256 * 1024 * 1024;
const HEADER_BYTES = 12;
const FOOTER_BYTES = 4;
/** Records up to this size are checked byte by byte; larger ones hold no scalars and are stepped over. */
const CHECKED_BYTES = 64 * 1024;
/** How much of a file's beginning tells it from another of the same name. */
const MARK_BYTES = 64;

/**
 * One tfevents file, read as it grows. A half-written last record is waited for; a damaged record is skipped and
 * counted; after a damaged length nothing can be found again, so the rest of that file is left.
 */
export function createEventFile(files: RunFiles, path: string) {
  const tags = createTagTable();
  let offset = 0;
  let corrupt = 0;
  let lost = false;
  let identity: { inode: number; mark: string } | null = null;

  /** Whether the file at this path is not the one that was read so far. */
  async function replaced(size: number, inode: number): Promise<boolean> {
    const mark = (await files.read(path, 0, Math.min(MARK_BYTES, Math.max(offset, 0)))).toString('base64');
    const changed =
      identity !== null &&
      (size < offset || identity.inode !== inode || !mark.startsWith(identity.mark.slice(0, mark.length)));
    if (identity === null || mark.length > identity.mark.length) identity = { inode, mark };
    return changed;
  }

  return {
    path,
    corruptRecords: () => corrupt,

    /** Feeds what is new to the sink. Resolves to `replaced` when the file must be read anew by a new reader. */
    async read(sink: ScalarSink): Promise<'read' | 'replaced'> {
      const found = await files.stat(path);
      if (!found) return identity === null ? 'read' : 'replaced';
      if (found.size === offset && identity?.inode === found.inode) return 'read';
      if (await replaced(found.size, found.inode)) return 'replaced';
      while (!lost && offset < found.size) {
        const wanted = Math.min(found.size, offset + SLICE_BYTES);
        const consumed = await this.slice(sink, wanted, found.size);
        if (consumed === 0) break;
        offset += consumed;
        await nextTurn();
      }
      return 'read';
    },

    /** Parses the whole records in one slice; a record larger than the slice is stepped over or read by itself. */
    async slice(sink: ScalarSink, end: number, size: number): Promise<number> {
      const buffer = await files.read(path, offset, end);
      let at = 0;
      while (at + HEADER_BYTES <= buffer.length) {
        const length = Number(buffer.readBigUInt64LE(at));
        if (length > RECORD_MAX || buffer.readUInt32LE(at + 8) !== maskedCrc32c(buffer, at, at + 8)) {
          corrupt += 1;
          lost = true;
          return at;
        }
        const next = at + HEADER_BYTES + length + FOOTER_BYTES;
        if (next > buffer.length) {
          const isWhole = offset + next <= size;
          if (isWhole && at === 0) return length > CHECKED_BYTES ? next : 0;
          return at > 0 || !isWhole ? at : 0;
        }
        if (length <= CHECKED_BYTES) record(buffer, at + HEADER_BYTES, length, sink);
        at = next;
      }
      return at;
    },
  };

  function record(buffer: Buffer, start: number, length: number, sink: ScalarSink): void {
    const end = start + length;
    if (buffer.readUInt32LE(end) !== maskedCrc32c(buffer, start, end)) {
      corrupt += 1;
      return;
    }
    try {
      parseEvent(buffer, start, end, tags, sink);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      corrupt += 1;
    }
  }
}

export type EventFile = ReturnType<typeof createEventFile>;
