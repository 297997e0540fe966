import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Mask } from '../core/masked.ts';

/** So much is masked without a pause, characters: some milliseconds, and at worst twice as much. */
const PIECE = 32 * 1024;
/** Where a text is cut, the best first: before a line that is no part of what stands above it, then where less belongs together. */
const PLACES = [/\n(?=[^\s\-)\]}])/, /\n/, /[,;]/, /\s/];

/** Hides the secrets of a text of any length, in pieces between which others have their turn. */
export async function maskLong(text: string, mask: Mask): Promise<string> {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = pieceEnd(text, at);
    pieces.push(mask(text.slice(at, end)));
    at = end;
    if (at < text.length) await nextTurn();
  }
  return pieces.join('');
}

function pieceEnd(text: string, from: number): number {
  if (text.length - from <= 2 * PIECE) return text.length;
  const begin = from + PIECE;
  const next = text.slice(begin, begin + PIECE);
  for (const place of PLACES) {
    const at = next.search(place);
    if (at >= 0) return begin + at + 1;
  }
  return begin + PIECE;
}
