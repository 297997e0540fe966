import { atOnce, type Slices } from '../core/slices.ts';
import { type ParsedExperimentLog, parsingExperimentLog } from './csv.ts';

/** How many bytes tell UTF-16 from UTF-8 where no mark says it: a log begins with the name of a column. */
const LOOKED_AT = 64;

/**
 * Reads a log's bytes: UTF-8, or the UTF-16 of a spreadsheet's "Unicode text". In any other encoding it is no log, as its
 * letters would be garbled by reading them anyway.
 */
export function parseExperimentLogBytes(bytes: Uint8Array): ParsedExperimentLog {
  return atOnce(parsingExperimentLogBytes(bytes));
}

/** The same in slices, and of at most so many rows. */
export function* parsingExperimentLogBytes(bytes: Uint8Array, rowsMax?: number): Slices<ParsedExperimentLog> {
  const text = decoded(bytes);
  if (text !== null) return yield* parsingExperimentLog(text, rowsMax);
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

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
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
