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
 * The records of a text as CSV, one at a time; empty lines are none. The text is in pieces of whole lines, of which a quoted
 * cell may take several. A quote within a cell that did not begin with one stands for itself, and a cell whose closing quote
 * is followed by something else stands as it is written. One pass, in which no character is looked at more than a few times.
 * Throws CsvError where a quote is never closed, BotError `log-too-large` where there is more than can be taken in.
 */
export function* recordsOf(
  pieces: readonly string[],
  delimiter: string,
  rowsMax = ROWS_MAX,
): Generator<string[], void, void> {
  const separator = delimiter.charCodeAt(0);
  /** Where `text` begins in the whole, and which piece follows it. */
  let [begun, next] = [0, 1];
  let text = pieces[0] ?? '';
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let count = 0;
  let record: string[] = [];

  /** The cell that a quote begins here; more pieces are put behind the text until it is closed. */
  function quoted(): QuotedCell {
    for (let more = 1; ; more *= 2) {
      const cell = quotedCell(text, at, separator);
      if (cell) return cell;
      if (next >= pieces.length) throw new CsvError(`a quote is never closed (character ${begun + at + 1})`);
      text = text.slice(at) + pieces.slice(next, next + more).join('');
      begun += at;
      at = 0;
      next += more;
    }
  }

  for (;;) {
    if (at >= text.length) {
      if (next >= pieces.length) return;
      begun += text.length;
      text = pieces[next]!;
      next += 1;
      at = 0;
      continue;
    }
    const cell = text.charCodeAt(at) === QUOTE ? quoted() : undefined;
    const begin = at;
    at = cell?.isClosed ? cell.end : cellEnd(text, cell?.end ?? at, separator);
    const value = cell ? cell.text + (cell.isClosed ? '' : text.slice(cell.end, at)) : text.slice(begin, at);
    const end = text.charCodeAt(at);
    const isEmptyLine = record.length === 0 && at === begin && end !== separator;
    if (!isEmptyLine) {
      if (value.length > CELL_MAX)
        throw tooLarge(`row ${count + 1} has a cell of ${value.length}`, counted(CELL_MAX, 'character'));
      record.push(value);
      if (record.length > COLUMNS_MAX)
        throw tooLarge(`row ${count + 1} has more`, counted(COLUMNS_MAX, 'cell'));
    }
    at += end === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
    if (end === separator) {
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

/** What a quote holds, and where it ends: behind its closing quote, or before one that closes nothing. */
interface QuotedCell {
  text: string;
  end: number;
  isClosed: boolean;
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

/** The cell of a quote; up to one that closes nothing it is taken as it is written. Undefined where it ends in no text that is here. */
function quotedCell(text: string, open: number, separator: number): QuotedCell | undefined {
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
  return undefined;
}

/** `what` it has of something, of which `most` can be taken in. */
export function tooLarge(what: string, most: string): BotError {
  return new BotError(
    'log-too-large',
    `It is too large: at most ${most} are read, and ${what}.`,
    'It is left as it stands: make it smaller, or begin a new session.',
  );
}
