import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { BotError, errorText } from '../../core/errors.ts';
import { readRegularSync } from '../../files/regular.ts';
import { copyTime } from '../../store/copy-time.ts';

/** More than anybody writes into one. */
const MAX_BYTES = 1_048_576;

/** A file that is to be written. */
export interface Draft {
  path: string;
  /** As it stands now; undefined: there is none. */
  before: string | undefined;
  text: string;
}

/** A file as it stands, by the path that links lead to; `before` is undefined where there is none. Error `init`: it cannot be read. */
export function standing(path: string): { path: string; before: string | undefined } {
  try {
    if (!existsSync(path)) return { path, before: undefined };
    return { path: realpathSync(path), before: readRegularSync(path, MAX_BYTES).toString('utf8') };
  } catch (error) {
    throw new BotError('init', `${path} cannot be read: ${errorText(error)}.`, 'Nothing was written.');
  }
}

/**
 * Writes files for their owner alone, each whole; `check` then says whether they can be used, and what was there before comes back where
 * it throws. Of a file that is replaced a copy is kept; returns these.
 */
export function writeDrafts(drafts: readonly Draft[], check: () => void): string[] {
  const kept: string[] = [];
  const done: Draft[] = [];
  try {
    for (const draft of drafts) {
      const { path, before, text } = draft;
      if (before !== undefined) {
        const copy = `${path}.before-${copyTime(Date.now())}`;
        put(copy, before);
        kept.push(copy);
      }
      put(path, text);
      done.push(draft);
    }
    check();
    return kept;
  } catch (error) {
    for (const { path, before } of done)
      if (before === undefined) rmSync(path, { force: true });
      else put(path, before);
    for (const copy of kept) rmSync(copy, { force: true });
    throw error;
  }
}

/** Puts a text in the place of a file, in one step. Error `init`. */
function put(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}.new`;
  try {
    const file = openSync(unfinished, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new BotError(
      'init',
      `${path} cannot be written: ${errorText(error)}.`,
      'Start it in a folder of your own.',
    );
  }
}
