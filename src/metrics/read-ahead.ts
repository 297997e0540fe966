import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunFiles } from '../core/queue.ts';

/** How much is read between two turns of the event loop, bytes: a slice is parsed in a few milliseconds. */
export const SLICE_BYTES = 256 << 10;

/**
 * Hands a file's bytes [from, to) to `take` slice by slice, and reads the next one meanwhile. `take` says how many of them it took: the
 * rest comes again before the next slice, more than there are is skipped unread, and 0 ends it. What it is handed is overwritten later.
 * A file that was cut short meanwhile ends there. `begun`: what was read already of the beginning. Errors as of `files`.
 */
export async function readAhead(
  files: RunFiles,
  path: string,
  [from, to]: readonly [from: number, to: number],
  take: (bytes: Buffer) => number,
  begun?: Buffer,
): Promise<void> {
  const room = Math.min(SLICE_BYTES, to - from);
  // Each has a rest before its slice.
  const buffers: Buffer[] = [];
  let turn = 0;
  const read = (start: number) => {
    turn = 1 - turn;
    const buffer = buffers[turn] ?? Buffer.allocUnsafe(2 * room);
    buffers[turn] = buffer;
    const reading = files.read(path, start, Math.min(to, start + room), buffer.subarray(room));
    // It may be that nobody waits for it.
    reading.catch(() => {});
    return { reading, buffer };
  };

  let at = from;
  let next = begun ? { reading: begun, buffer: begun } : from < to ? read(from) : null;
  let rest: Buffer = Buffer.alloc(0);
  for (; next; await nextTurn()) {
    const bytes = joined(rest, await next.reading, next.buffer);
    const end = at + bytes.length;
    const isMore = bytes.length > rest.length && end < to;
    next = isMore ? read(end) : null;
    const taken = take(bytes);
    if (taken === 0) return;
    at += taken;
    rest = bytes.subarray(taken);
    if (taken <= bytes.length) continue;
    await next?.reading;
    next = at < to ? read(at) : null;
  }
}

/** A rest and what was read after it; in `buffer`, where that was read into the later half of it. */
function joined(rest: Buffer, read: Buffer, buffer: Buffer): Buffer {
  if (rest.length === 0) return read;
  const start = buffer.length / 2 - rest.length;
  if (read.buffer !== buffer.buffer || start < 0) return Buffer.concat([rest, read]);
  buffer.set(rest, start);
  return buffer.subarray(start, buffer.length / 2 + read.length);
}
