import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { BotError, errorText } from '../../core/errors.ts';
import { createStateParser, type ParsedState } from './state-parser.ts';
import { StateError } from './state-schema.ts';

/** Ten thousand jobs take a third of it. A larger file is no queue's, and would be held in memory twice. */
export const STATE_MAX_BYTES = 32 * 1024 * 1024;
/** Room for growth when a buffer must be made larger. */
const GROWTH = 1.25;

export type Reading =
  | { kind: 'same' }
  | { kind: 'state'; state: ParsedState }
  /** The file is not there: an xax that has never queued anything. */
  | { kind: 'absent' };

/**
 * Reads queue_state.json into two buffers in turn: the new content beside the last good one. A file that is the
 * same by inode, size and time is not read. Throws BotError `queue-state` when it cannot be read or understood;
 * the last good content stays what the next one is compared with.
 */
export function createStateReader(queue: string, path: string) {
  const parser = createStateParser(queue);
  let spare: Buffer = Buffer.alloc(0);
  let seen = '';

  function readAll(fd: number, size: number): Buffer {
    if (spare.length < size) spare = Buffer.allocUnsafeSlow(Math.ceil(size * GROWTH));
    let at = 0;
    while (at < size) {
      const count = readSync(fd, spare, at, size - at, at);
      if (count === 0) break;
      at += count;
    }
    return spare.subarray(0, at);
  }

  function open(): number | undefined {
    try {
      // A named pipe in its place would wait for a writer, and everything else with it.
      return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw problem(
        `cannot be read: ${errorText(error)}`,
        'Give the user that runs xaxbot read access to it.',
      );
    }
  }

  function bytesOf(fd: number, size: number): Buffer {
    try {
      return readAll(fd, size);
    } catch (error) {
      throw problem(`cannot be read: ${errorText(error)}`, 'Look at the path.');
    }
  }

  const problem = (what: string, hint: string) => stateProblem(path, what, hint);

  return {
    /** `force` looks at the bytes even when inode, size and time are those of the last reading. */
    read({ force }: { force: boolean }): Reading {
      const fd = open();
      if (fd === undefined) {
        seen = '';
        return { kind: 'absent' };
      }
      try {
        const found = fstatSync(fd);
        if (!found.isFile()) throw problem('cannot be read: it is no file', 'Look at the path.');
        const { ino, size, mtimeMs } = found;
        if (size > STATE_MAX_BYTES) throw tooLarge(path, size);
        const mark = `${ino}:${size}:${mtimeMs}`;
        if (mark === seen && !force) return { kind: 'same' };
        const last = parser.last();
        const state = understood(path, bytesOf(fd, size), parser.parse);
        seen = mark;
        if (!state) return { kind: 'same' };
        spare = Buffer.from(last.buffer, last.byteOffset, last.buffer.byteLength - last.byteOffset);
        return { kind: 'state', state };
      } finally {
        closeSync(fd);
      }
    },
  };
}

/** What `parse` makes of a content. Error `queue-state`, by the path that it came from, where it cannot be understood. */
export function understood<T>(path: string, content: Buffer, parse: (content: Buffer) => T): T {
  try {
    return parse(content);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw stateProblem(
        path,
        `is not complete JSON (${content.length} bytes)`,
        'The last good state is kept; if it stays so, look at the file.',
      );
    }
    if (error instanceof StateError) {
      const hint =
        'The last good state is kept; check that XAX_HOME names the right folder and that this xaxbot knows that xax.';
      throw stateProblem(path, `is not a queue state of xax: ${error.message}`, hint);
    }
    throw error;
  }
}

export function tooLarge(path: string, size: number): BotError {
  return stateProblem(
    path,
    `has ${size} bytes, and at most ${STATE_MAX_BYTES} are read`,
    'The last good state is kept; look at what fills the file.',
  );
}

export function stateProblem(path: string, what: string, hint: string): BotError {
  return new BotError('queue-state', `${path} ${what}.`, hint);
}
