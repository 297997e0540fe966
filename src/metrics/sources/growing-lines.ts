import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileState, RunFiles } from '../../core/queue.ts';
import { isUnchanged } from '../file-state.ts';
import { notUtf8 } from './encoding.ts';
import type { Keeping } from './source.ts';

/** How much is read between two turns of the event loop, bytes: a slice is parsed in a few milliseconds. */
const SLICE_BYTES = 128 << 10;
/** A larger file is read at places of it. */
const WHOLE_BYTES = 4 << 20;
/** So many places, and of each so many bytes, a row at least of all but the widest tables, and lines. */
const PLACES = 24;
const PLACE_BYTES = 1 << 10;
const PLACE_LINES = 40;
/** What is read of its beginning, bytes. */
const HEAD_BYTES = 8 << 10;
/** What is read of its end, bytes: more, up to the most, while something has no value in it that has one further up. */
const TAIL_BYTES = 48 << 10;
const TAIL_MAX_BYTES = 4 << 20;
/** A line longer than this is left out: to parse it would hold everything else up. */
const LINE_MAX_BYTES = 1 << 20;
/** What stood at the beginning, and before the place that was read up to, tells a file that goes on from one that was written anew. */
const MARK_BYTES = 64;
const NEWLINE = 10;
const BYTE_ORDER_MARK = 0xfeff;

/** Whoever takes in the lines. */
export interface LineTaker {
  /** The file is read from its beginning: what was taken so far is not in it any more. */
  startOver(): void;
  /** A line without its end. `writtenAt`: epoch seconds, when it came; NaN where it stood there already. */
  line(text: string, writtenAt: number): void;
  /** Whether the rest of the file is of no use. */
  isDone(): boolean;
  /** What follows stands further on in the file than the next line. */
  leap?(): void;
  /** What is given lines from the end on, and answers whether they have a value of everything that is known to have some. */
  covering?(): (lines: readonly string[]) => boolean;
}

/**
 * The lines of a text file as it grows. A last line without its newline is waited for, and so are zeros where a network
 * file system shows a new length before the bytes; a file that was replaced or rewritten is read again. Of a file that is
 * large when it is first read, unless all of it `isWhole`ly wanted, places of equal distance are read and the whole end.
 * `rest` stands between two slices, of which the one before took so many milliseconds.
 */
export function createGrowingLines(
  files: RunFiles,
  path: string,
  taker: LineTaker,
  { isWhole, rest = () => nextTurn() }: Pick<Keeping<never>, 'isWhole' | 'rest'>,
) {
  let seen: FileState | null = null;
  let head: Buffer = Buffer.alloc(0);
  let joint: Buffer = Buffer.alloc(0);
  let offset = 0;
  let damaged = 0;
  /** The rest of a line that was begun before `offset` is no line. */
  let isWithinLine = false;
  let isPartial = false;
  /** Why none of it can be read. */
  let problem: string | null = null;

  async function read(): Promise<boolean> {
    const found = await files.stat(path);
    if (!found) return forget();
    if (isUnchanged(seen, found)) return false;
    const ahead = await whatFollows(found);
    const isFollowed = ahead !== null;
    if (!isFollowed) begin();
    if (head.length < MARK_BYTES) head = await files.read(path, 0, Math.min(MARK_BYTES, found.size));
    problem = notUtf8(head);
    if (problem !== null) {
      seen = found;
      return true;
    }
    if (!isFollowed && !isWhole && found.size > WHOLE_BYTES) await readPlaces(found.size);
    await readTo(found.size, isFollowed ? found.mtimeMs / 1_000 : Number.NaN, ahead);
    seen = found;
    return true;
  }

  function forget(): boolean {
    const wasThere = seen !== null;
    seen = null;
    if (wasThere) begin();
    return wasThere;
  }

  function begin(): void {
    offset = 0;
    damaged = 0;
    [isWithinLine, isPartial, problem] = [false, false, null];
    [head, joint] = [Buffer.alloc(0), Buffer.alloc(0)];
    taker.startOver();
  }

  /** The first slice of what is new, where the file goes on from what was read of it; else null. */
  async function whatFollows({ size, inode }: { size: number; inode: number }): Promise<Buffer | null> {
    if (seen?.inode !== inode || size < offset) return null;
    const [first, before, ahead] = await files.readParts(path, [
      [0, head.length],
      [offset - joint.length, offset],
      [offset, Math.min(size, offset + SLICE_BYTES)],
    ]);
    return head.equals(first!) && joint.equals(before!) ? ahead! : null;
  }

  /** Its beginning, then a few lines at each of many places up to its end, which is left to be read whole. */
  async function readPlaces(size: number): Promise<void> {
    await readTo(HEAD_BYTES, Number.NaN);
    // A first line of many columns.
    if (offset === 0) await readTo(LINE_MAX_BYTES, Number.NaN);
    if (taker.isDone()) return;
    const from = offset;
    const places = Array.from({ length: PLACES }, (_, place) => {
      const at = Math.floor(from + ((size - TAIL_BYTES - from) * place) / PLACES);
      return [at, at + PLACE_BYTES] as const;
    });
    for (const [place, buffer] of (await files.readParts(path, places)).entries()) {
      taker.leap?.();
      for (const line of wholeLines(buffer).slice(0, PLACE_LINES)) taker.line(line, Number.NaN);
      if (place % 16 === 0) await nextTurn();
    }
    taker.leap?.();
    offset = Math.max(from, size - (await tailBytes(size)));
    joint = Buffer.alloc(0);
    [isWithinLine, isPartial] = [true, true];
  }

  /** How much of its end has a last value of everything. */
  async function tailBytes(size: number): Promise<number> {
    const areCovered = taker.covering?.() ?? (() => true);
    for (let bytes = TAIL_BYTES; ; bytes += TAIL_BYTES) {
      const lines = wholeLines(await files.read(path, size - bytes, size - bytes + TAIL_BYTES));
      if (areCovered(lines) || bytes >= TAIL_MAX_BYTES) return bytes;
      await nextTurn();
    }
  }

  async function readTo(size: number, writtenAt: number, ahead: Buffer | null = null): Promise<void> {
    let next = ahead;
    while (offset < size && !taker.isDone()) {
      const began = performance.now();
      let buffer = next ?? (await files.read(path, offset, Math.min(size, offset + SLICE_BYTES)));
      next = null;
      if (buffer.length === SLICE_BYTES && buffer.indexOf(NEWLINE) < 0)
        buffer = await files.read(path, offset, Math.min(size, offset + LINE_MAX_BYTES));
      const consumed = take(buffer, writtenAt);
      if (consumed === 0) return;
      offset += consumed;
      joint = Buffer.concat([joint, buffer.subarray(Math.max(0, consumed - MARK_BYTES), consumed)]).subarray(
        -MARK_BYTES,
      );
      await rest(performance.now() - began);
    }
  }

  /** Takes in the whole lines of a slice, and returns how many bytes they fill. */
  function take(buffer: Buffer, writtenAt: number): number {
    let start = 0;
    if (isWithinLine) {
      start = buffer.indexOf(NEWLINE) + 1;
      if (start === 0) return buffer.length;
      isWithinLine = false;
    }
    const end = writtenEnd(buffer, start, buffer.lastIndexOf(NEWLINE) + 1);
    if (end <= start) return start > 0 ? start : tooLong(buffer);
    for (const line of linesOf(buffer, start, end - 1)) if (!taker.isDone()) taker.line(line, writtenAt);
    return end;
  }

  /** What to do with a slice that holds the beginning of one line alone: wait for more, or leave the line out. */
  function tooLong(buffer: Buffer): number {
    if (buffer.length < LINE_MAX_BYTES) return 0;
    damaged += 1;
    isWithinLine = true;
    return buffer.length;
  }

  return {
    read,
    damaged: () => damaged,
    /** Whether only parts of it were read. */
    isPartial: () => isPartial,
    /** Why none of it can be read, in words that follow its path; null where it can. */
    problem: () => problem,
    /** Epoch milliseconds; null where there is none. */
    writtenAt: () => seen?.mtimeMs ?? null,
  };
}

/** The lines that are whole in a part of a file, which may begin and end within one. */
function wholeLines(buffer: Buffer): string[] {
  const [start, end] = [buffer.indexOf(NEWLINE) + 1, buffer.lastIndexOf(NEWLINE)];
  return start > 0 && end > start ? linesOf(buffer, start, end) : [];
}

/** The lines in [start, end), without the carriage returns that some writers put before a newline, and the mark before UTF-8. */
function linesOf(buffer: Buffer, start: number, end: number): string[] {
  const lines = buffer.toString('utf8', start, end).split('\n');
  return lines.map((line) => {
    const from = line.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
    return line.endsWith('\r') ? line.slice(from, -1) : from === 0 ? line : line.slice(from);
  });
}

/** Where the last of the lines in [start, end) ends that holds no zero byte, or that a line without one follows. */
export function writtenEnd(buffer: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start) {
    const lineStart = at - 2 < start ? start : Math.max(start, buffer.lastIndexOf(NEWLINE, at - 2) + 1);
    if (!buffer.subarray(lineStart, at).includes(0)) return at;
    at = lineStart;
  }
  return at;
}
