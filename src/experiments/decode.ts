import { atOnce, type Slices } from '../core/slices.ts';
import { type ParsedExperimentLog, parsingExperimentLog } from './csv.ts';

/** How many bytes tell UTF-16 from UTF-8 where no mark says it: a log begins with the name of a column. */
const LOOKED_AT = 64;
/** So much is decoded at once, bytes: a millisecond's work. */
const PIECE = 256 * 1024;

/**
 * Reads a log's bytes: UTF-8, or the UTF-16 of a spreadsheet's "Unicode text". In any other encoding it is no log, as its
 * letters would be garbled by reading them anyway.
 */
export function parseExperimentLogBytes(bytes: Uint8Array): ParsedExperimentLog {
  return atOnce(parsingExperimentLogBytes(bytes));
}

/** The same in slices, and of at most so many rows. */
export function* parsingExperimentLogBytes(bytes: Uint8Array, rowsMax?: number): Slices<ParsedExperimentLog> {
  const pieces = yield* decoded(bytes);
  if (pieces !== null) return yield* parsingExperimentLog(pieces, rowsMax);
  const problem = 'it is not UTF-8 text; a spreadsheet can save as "CSV UTF-8"';
  return {
    columns: [],
    rows: [],
    extraColumns: [],
    strays: [],
    isMerged: false,
    hasParts: false,
    isWhole: false,
    problem,
  };
}

/** The text in pieces of whole lines; null where it is none. */
function* decoded(bytes: Uint8Array): Slices<string[] | null> {
  const decoder = new TextDecoder(encodingOf(bytes), { fatal: true, ignoreBOM: true });
  const pieces: string[] = [];
  let line: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) {
    yield;
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(at, at + PIECE), { stream: at + PIECE < bytes.length });
    } catch {
      return null;
    }
    const end = endOfLines(text);
    if (end > 0) {
      pieces.push([...line, text.slice(0, end)].join(''));
      line = [];
    }
    if (end < text.length) line.push(text.slice(end));
  }
  if (line.length > 0) pieces.push(line.join(''));
  return pieces;
}

/** Where the last line ends that certainly ends in a text that goes on; 0 where none does. */
function endOfLines(text: string): number {
  const end = text.lastIndexOf('\n') + 1;
  // What ends with a carriage return may go on with the rest of a line's end.
  return end > 0 ? end : text.lastIndexOf('\r', text.length - 2) + 1;
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const beginning = bytes.subarray(0, LOOKED_AT);
  const isZero = (parity: number) =>
    beginning.length > 1 && beginning.every((byte, index) => (byte === 0) === (index % 2 === parity));
  if (isZero(1)) return 'utf-16le';
  return isZero(0) ? 'utf-16be' : 'utf-8';
}
