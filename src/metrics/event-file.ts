import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileState, RunFiles } from '../core/queue.ts';
import type { Columns } from './columns.ts';
import { maskedCrc32c } from './crc32c.ts';
import { parseEvent, type ScalarSink } from './event-parser.ts';
import { isUnchanged } from './file-state.ts';
import type { PointStore } from './sources/source.ts';
import type { TagTable } from './tag-table.ts';

/** How much is read between two turns of the event loop, bytes: a slice is parsed in a few milliseconds. */
const SLICE_BYTES = 1 << 20;
/** A record longer than this is taken for damage; xax's images and histograms are far below. */
const RECORD_MAX = 256 * 1024 * 1024;
const HEADER_BYTES = 12;
const FOOTER_BYTES = 4;
/** Up to this size a record's checksum is always verified; of a larger one, an image mostly, only if it holds scalars. */
const CHECKED_BYTES = 64 * 1024;
/** How much of a file's beginning tells it from another of the same name: the version record holds its birth time. */
const HEAD_BYTES = 64;

export interface EventFile<P extends PointStore = Columns> {
  /** Reads what is new; resolves to whether the file has changed. */
  read(): Promise<boolean>;
  /** Its points by tag. */
  columns(): ReadonlyMap<string, P>;
  /** The lowest step that a restart event in it names; infinity without one. */
  restartedAt(): number;
  corruptRecords(): number;
  /** Epoch milliseconds; null before it was read. */
  writtenAt(): number | null;
}

/**
 * One tfevents file, read as it grows. A half-written last record is waited for; a damaged record is skipped and
 * counted; after a damaged length nothing can be found again, so the rest of that file is left. A file that was
 * replaced or rewritten is read again. Records that fill more than a slice are skipped unread.
 */
export function createEventFile<P extends PointStore>(
  files: RunFiles,
  path: string,
  { tags, storeOf }: { tags: TagTable; storeOf(tag: string): P | undefined },
): EventFile<P> {
  let seen: FileState | null = null;
  let head: Buffer = Buffer.alloc(0);
  let offset = 0;
  let corrupt = 0;
  let lost = false;
  let columns = new Map<string, P>();
  let restartedAt = Number.POSITIVE_INFINITY;

  const sink: ScalarSink = {
    scalar(tag, step, wallTime, value) {
      let points = columns.get(tag);
      if (!points) {
        points = storeOf(tag);
        if (!points) return;
        columns.set(tag, points);
      }
      points.push(step, wallTime, value);
    },
    restarted(step) {
      restartedAt = Math.min(restartedAt, step);
      for (const points of columns.values()) points.cutFrom(step);
    },
  };

  function startOver(): void {
    offset = 0;
    corrupt = 0;
    lost = false;
    columns = new Map();
    restartedAt = Number.POSITIVE_INFINITY;
  }

  async function read(): Promise<boolean> {
    const found = await files.stat(path);
    if (!found) return false;
    if (isUnchanged(seen, found)) return false;
    const newHead = await files.read(path, 0, Math.min(HEAD_BYTES, found.size));
    const isSame =
      seen?.inode === found.inode && found.size >= offset && head.equals(newHead.subarray(0, head.length));
    if (!isSame) startOver();
    else if (lost) findAgain();
    head = newHead;
    while (!lost && offset < found.size) {
      const consumed = await readSlice(found.size);
      if (consumed === 0) break;
      offset += consumed;
      await nextTurn();
    }
    seen = found;
    return true;
  }

  /** What was no record may be one by now: a network file system shows a file's new length before its bytes. */
  function findAgain(): void {
    lost = false;
    corrupt -= 1;
  }

  /** Takes in the whole records of one slice, and returns how many bytes they fill. */
  async function readSlice(size: number): Promise<number> {
    const buffer = await files.read(path, offset, Math.min(size, offset + SLICE_BYTES));
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
        const fillsSlice = at === 0 && next > SLICE_BYTES;
        return fillsSlice && offset + next <= size ? next : at;
      }
      mergeFromDisk(buffer, at + HEADER_BYTES, length);
      at = next;
    }
    return at;
  }

  function mergeFromDisk(buffer: Buffer, start: number, length: number): void {
    const end = start + length;
    if (length > CHECKED_BYTES && !holdsScalars(buffer, start, end)) return;
    const isSound = buffer.readUInt32LE(end) === maskedCrc32c(buffer, start, end);
    if (!isSound || !parses(buffer, start, end, tags, sink)) corrupt += 1;
  }

  return {
    read,
    /** Its points by tag. */
    columns: () => columns,
    restartedAt: () => restartedAt,
    corruptRecords: () => corrupt,
    writtenAt: () => seen?.mtimeMs ?? null,
  };
}

/** Whether the record has anything for a sink, found without verifying or keeping anything. */
function holdsScalars(buffer: Buffer, start: number, end: number): boolean {
  let found = false;
  const note = () => {
    found = true;
  };
  parses(buffer, start, end, { decode: () => '' }, { scalar: note, restarted: note });
  return found;
}

function parses(buffer: Buffer, start: number, end: number, tags: TagTable, sink: ScalarSink): boolean {
  try {
    parseEvent(buffer, start, end, tags, sink);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
