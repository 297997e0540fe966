import { BotError, errorText } from '../../core/errors.ts';
import { likelyEdits } from './likely-edits.ts';
import { differenceInFile, isSameIn, type OpenFile, withFile } from './state-file.ts';
import { attempt, createStateParser, type ParsedState } from './state-parser.ts';
import { StateError } from './state-schema.ts';

/** A hundred thousand jobs take half of it. A larger file is no queue's, and would be held in memory. */
export const STATE_MAX_BYTES = 128 * 1024 * 1024;

export const STATE_READER_LIMITS = {
  /** A larger file is not compared as a whole at each change, bytes. */
  wholeMax: 1024 * 1024,
  /** The rest is compared piece by piece: pieces of this many bytes, or so large that all is compared in so many. */
  pieceMin: 128 * 1024,
  pieces: 50,
  /** The pause between two pieces, milliseconds. */
  pieceMs: 450,
};

export type Reading =
  | { kind: 'same' }
  | { kind: 'state'; state: ParsedState }
  /** The file is not there: an xax that has never queued anything. */
  | { kind: 'absent' };

/**
 * Reads queue_state.json: a small one as a whole, of a large one first what xax changes nearly always, and the rest bit by bit, so
 * that whatever changed is seen within half a minute (`again` says when to come back for it). A file that is the same by inode, size and
 * time is not read. Throws BotError `queue-state` when it cannot be read or understood; the last good content stays what the next one
 * is compared with.
 */
export function createStateReader(queue: string, path: string, limits = STATE_READER_LIMITS) {
  const parser = createStateParser(queue);
  let seen = '';
  /** How many bytes of the file are yet to be compared, from `comparedTo` on and round. */
  let owed = 0;
  let comparedTo = 0;
  let comparedAt = 0;
  /** What was compared is not the same: all of it is to be. */
  let isDoubtful = false;

  const problem = (what: string, hint: string) => stateProblem(path, what, hint);

  function take(file: OpenFile, force: boolean): ParsedState | undefined {
    const isNew = file.mark !== seen;
    if (!force && !isDoubtful && file.size > limits.wholeMax) {
      const state = attempt(() => {
        const likely = isNew ? likelyEdits(file, parser) : [];
        return likely && { found: parser.edit(likely) };
      });
      if (state) {
        if (isNew) owed = file.size;
        isDoubtful = parser.content().length !== file.size || !isRestSame(file);
        return state.found;
      }
    }
    // Where that fails it is tried again at the next look, and not before.
    seen = '';
    owed = 0;
    isDoubtful = false;
    const found = differenceInFile(parser.content(), file);
    return found && parser.edit([found]);
  }

  /** Compares the next piece, if it is time for it. */
  function isRestSame(file: OpenFile): boolean {
    const now = performance.now();
    if (owed === 0 || now - comparedAt < limits.pieceMs) return true;
    comparedAt = now;
    let left = Math.min(owed, Math.max(limits.pieceMin, Math.ceil(file.size / limits.pieces)));
    while (left > 0) {
      const from = comparedTo % file.size;
      const to = Math.min(file.size, from + left);
      if (!isSameIn(parser.content(), file, from, to)) return false;
      comparedTo = to;
      owed -= to - from;
      left -= to - from;
    }
    return true;
  }

  return {
    /** `force` compares all of it, even when inode, size and time are those of the last reading. */
    read({ force }: { force: boolean }): Reading {
      let reading: Reading | undefined;
      try {
        reading = withFile(path, (file): Reading => {
          if (!file.isFile) throw problem('cannot be read: it is no file', 'Look at the path.');
          if (file.size > STATE_MAX_BYTES) throw tooLarge(path, file.size);
          if (file.mark === seen && !force && owed === 0 && !isDoubtful) return { kind: 'same' };
          const state = understood(
            path,
            () => file.size,
            () => take(file, force),
          );
          seen = file.mark;
          return state ? { kind: 'state', state } : { kind: 'same' };
        });
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === undefined || error instanceof BotError) throw error;
        throw unreadable(path, errorText(error), code, {
          reader: 'the user that runs xaxbot',
          setting: 'XAX_HOME or home of the queue',
        });
      }
      if (!reading) seen = '';
      return reading ?? { kind: 'absent' };
    },
    /** How soon it is to be read again though nobody tells of a change, milliseconds; null: not at all. */
    again: (): number | null => (isDoubtful ? 0 : owed > 0 ? limits.pieceMs : null),
  };
}

/** What `parse` makes of a content of that many bytes. Error `queue-state`, by the path that it came from, where it cannot be understood. */
export function understood<T>(path: string, size: () => number, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw stateProblem(
        path,
        `is not complete JSON (${size()} bytes)`,
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

/** That a file cannot be read, and what mends it by the system's name of the fault. */
export function unreadable(
  path: string,
  why: string,
  code: unknown,
  { reader, setting }: { reader: string; setting: string },
): BotError {
  return stateProblem(path, `cannot be read: ${why}`, hintOf());

  function hintOf(): string {
    if (code === 'EACCES' || code === 'EPERM') return `Give ${reader} read access to it.`;
    if (code === 'ENOTDIR') return `Name the queue's folder, in which it lies, as ${setting}.`;
    return 'Look at the path, and at the disk that it is on.';
  }
}

export function tooLarge(path: string, size: number): BotError {
  return stateProblem(
    path,
    `has ${size} bytes, and at most ${STATE_MAX_BYTES} are read`,
    'The last good state is kept; look at what fills the file.',
  );
}

function stateProblem(path: string, what: string, hint: string): BotError {
  return new BotError('queue-state', `${path} ${what}.`, hint);
}
