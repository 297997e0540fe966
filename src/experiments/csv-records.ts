import { counted } from '../core/counted.ts';
import { BotError } from '../core/errors.ts';

/** More than a session of experiments has. */
const ROWS_MAX = 100_000;
/** More than anybody adds beside the 22. */
const COLUMNS_MAX = 1_000;
/** As long as Python's csv module takes one, with which the scripts read the log (csv.field_size_limit() of 3.12). */
const CELL_MAX = 131_072;

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** Not CSV, in words. */
export class CsvError extends Error {}

/**
 * The records of a text as CSV, one at a time; empty lines are none. A quote within a cell that did not begin with one
 * stands for itself, and a cell whose closing quote is followed by something else stands as it is written. One pass, in
 * which no character is looked at twice. Throws CsvError where a quote is never closed, BotError `log-too-large` where
 * there is more than can be taken in.
 */
export function* recordsOf(
  text: string,
  delimiter: string,
  rowsMax = ROWS_MAX,
): Generator<string[], void, void> {
  const separator = delimiter.charCodeAt(0);
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let count = 0;
  let record: string[] = [];
  while (at < text.length) {
    const begin = at;
    const cell = text.charCodeAt(at) === QUOTE ? quotedCell(text, at, separator) : undefined;
    at = cell?.isClosed ? cell.end : cellEnd(text, cell?.end ?? at, separator);
    const value = cell ? cell.text + (cell.isClosed ? '' : text.slice(cell.end, at)) : text.slice(begin, at);
    const next = text.charCodeAt(at);
    const isEmptyLine = record.length === 0 && at === begin && next !== separator;
    if (!isEmptyLine) {
      if (value.length > CELL_MAX)
        throw tooLarge(`row ${count + 1} has a cell of ${value.length}`, counted(CELL_MAX, 'character'));
      record.push(value);
      if (record.length > COLUMNS_MAX)
        throw tooLarge(`row ${count + 1} has more`, counted(COLUMNS_MAX, 'cell'));
    }
    at += next === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
    if (next === separator) {
      if (at >= text.length) record.push('');
      else continue;
    }
    if (record.length === 0) continue;
    count += 1;
    if (count > rowsMax) throw tooLarge('it has more', counted(rowsMax, 'row'));
    yield record;
    record = [];
  }
}

/** Where the cell that stands unquoted here ends. */
function cellEnd(text: string, from: number, separator: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === separator || unit === LF || unit === CR) break;
  }
  return at;
}

/**
 * What a quote holds, and where it ends: behind its closing quote, or before a quote that closes nothing, up to which the
 * cell is then taken as it is written.
 */
function quotedCell(
  text: string,
  open: number,
  separator: number,
): { text: string; end: number; isClosed: boolean } {
  let isDoubled = false;
  for (let at = text.indexOf('"', open + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    const next = text.charCodeAt(at + 1);
    if (next === QUOTE) {
      isDoubled = true;
      continue;
    }
    const held = text.slice(open + 1, at);
    const said = isDoubled ? held.replaceAll('""', '"') : held;
    const isClosed = Number.isNaN(next) || next === separator || next === LF || next === CR;
    return isClosed ? { text: said, end: at + 1, isClosed } : { text: `"${said}`, end: at, isClosed };
  }
  throw new CsvError(`a quote is never closed (character ${open + 1})`);
}

/** `what` it has of something, of which `most` can be taken in. */
export function tooLarge(what: string, most: string): BotError {
  return new BotError(
    'log-too-large',
    `It is too large: at most ${most} are read, and ${what}.`,
    'It is left as it stands: make it smaller, or begin a new session.',
  );
}
