import type { FileState, RunFiles } from '../core/queue.ts';
import type { Columns } from './columns.ts';
import { maskedCrc32c } from './crc32c.ts';
import { parseEvent, type ScalarSink } from './event-parser.ts';
import { isUnchanged } from './file-state.ts';
import { type Cursor, cursorAt } from './protobuf.ts';
import { readAhead, SLICE_BYTES } from './read-ahead.ts';
import type { PointStore } from './sources/source.ts';
import type { Tag, TagTable } from './tag-table.ts';

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
  /** The same by the tags' own places. */
  let byTag: P[] = [];
  let restartedAt = Number.POSITIVE_INFINITY;

  const sink: ScalarSink = {
    scalar(tag, step, wallTime, value) {
      const points = byTag[tag.index] ?? storeFor(tag);
      points?.push(step, wallTime, value);
    },
    restarted(step) {
      restartedAt = Math.min(restartedAt, step);
      for (const points of columns.values()) points.cutFrom(step);
    },
  };

  /** Where the points of a tag go; undefined where there is no room for one more. */
  function storeFor({ name, index }: Tag): P | undefined {
    const points = columns.get(name) ?? storeOf(name);
    if (!points) return undefined;
    columns.set(name, points);
    byTag[index] = points;
    return points;
  }

  function startOver(): void {
    offset = 0;
    corrupt = 0;
    lost = false;
    columns = new Map();
    byTag = [];
    restartedAt = Number.POSITIVE_INFINITY;
  }

  async function read(): Promise<boolean> {
    const found = await files.stat(path);
    if (!found) return false;
    if (isUnchanged(seen, found)) return false;
    const { size } = found;
    const readFrom = offset;
    const [newHead, news] = await files.readParts(path, [
      [0, Math.min(HEAD_BYTES, size)],
      [readFrom, Math.min(size, readFrom + SLICE_BYTES)],
    ]);
    const isSame =
      seen?.inode === found.inode && size >= offset && head.equals(newHead!.subarray(0, head.length));
    if (!isSame) startOver();
    else if (lost) findAgain();
    head = newHead!;
    const take = (bytes: Buffer) => {
      const taken = mergeFromDisk(bytes, size);
      offset += taken;
      return lost ? 0 : taken;
    };
    if (!lost && offset < size)
      await readAhead(files, path, [offset, size], take, offset === readFrom ? news : undefined);
    seen = found;
    return true;
  }

  /** What was no record may be one by now: a network file system shows a file's new length before its bytes. */
  function findAgain(): void {
    lost = false;
    corrupt -= 1;
  }

  /** Takes in the whole records of one slice, and returns how many bytes they fill: more than there are where one fills the slice. */
  function mergeFromDisk(buffer: Buffer, size: number): number {
    const cursor = cursorAt(buffer, 0);
    const { view } = cursor;
    let at = 0;
    while (at + HEADER_BYTES <= buffer.length) {
      const length = view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true);
      if (length > RECORD_MAX || view.getUint32(at + 8, true) !== maskedCrc32c(buffer, at, at + 8)) {
        corrupt += 1;
        lost = true;
        return at;
      }
      const next = at + HEADER_BYTES + length + FOOTER_BYTES;
      if (next > buffer.length) {
        const fillsSlice = at === 0 && next > SLICE_BYTES;
        return fillsSlice && offset + next <= size ? next : at;
      }
      takeRecord(cursor, at + HEADER_BYTES, length);
      at = next;
    }
    return at;
  }

  function takeRecord(cursor: Cursor, start: number, length: number): void {
    const { buffer, view } = cursor;
    const end = start + length;
    cursor.at = start;
    if (length > CHECKED_BYTES && !holdsScalars(cursor, end)) return;
    cursor.at = start;
    const isSound = view.getUint32(end, true) === maskedCrc32c(buffer, start, end);
    if (!isSound || !parses(cursor, end, tags, sink)) corrupt += 1;
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

const ANY_TAG: Tag = { name: '', index: 0 };

/** Whether the record has anything for a sink, found without verifying or keeping anything. */
function holdsScalars(cursor: Cursor, end: number): boolean {
  let found = false;
  const note = () => {
    found = true;
  };
  parses(cursor, end, { find: () => ANY_TAG }, { scalar: note, restarted: note });
  return found;
}

function parses(cursor: Cursor, end: number, tags: TagTable, sink: ScalarSink): boolean {
  try {
    parseEvent(cursor, end, tags, sink);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
