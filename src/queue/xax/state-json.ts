import { hasAtMost } from '../../core/has-at-most.ts';
import { StateError } from './state-schema.ts';

/** What is parsed in one piece: a job takes a kilobyte, and a file that xax did not lay out is read whole. */
const JSON_MAX_BYTES = 4 * 1024 * 1024;
/** Lists and objects in it. Each takes far more memory than the bytes it is written in. */
const BRACKETS_MAX = 200_000;

/** A piece of xax's state as JSON. `at`: what it is. Throws SyntaxError, and StateError before it is parsed where it is too large. */
export function parseJson(piece: Buffer, at: string): unknown {
  if (piece.length > JSON_MAX_BYTES)
    throw new StateError(
      `${at} has ${piece.length} bytes, and at most ${JSON_MAX_BYTES} are read in one piece`,
    );
  if (!hasAtMost(piece, '[{', BRACKETS_MAX))
    throw new StateError(`${at} has more than ${BRACKETS_MAX} lists and objects`);
  return JSON.parse(piece.toString('utf8'));
}
