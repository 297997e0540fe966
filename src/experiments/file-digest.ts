import { createHash } from 'node:crypto';
import type { Slices } from '../core/slices.ts';

/** So much is hashed at once, bytes: a millisecond's work. */
const PIECE = 512 * 1024;

/** By what bytes are known again, wherever they are cut. */
export function* digesting(pieces: Iterable<Uint8Array>): Slices<string> {
  const hash = createHash('sha256');
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += PIECE) {
      hash.update(piece.subarray(at, at + PIECE));
      yield;
    }
  return hash.digest('base64url');
}
