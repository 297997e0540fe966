import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Mask } from '../core/masked.ts';

/** So much is masked without a pause, characters: some milliseconds. */
const PIECE = 64 * 1024;

/** Hides the secrets of a text of any length, in pieces of whole lines, between which others have their turn. */
export async function maskLong(text: string, mask: Mask): Promise<string> {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const line = text.indexOf('\n', at + PIECE);
    const end = line < 0 ? text.length : line + 1;
    pieces.push(mask(text.slice(at, end)));
    at = end;
    if (at < text.length) await nextTurn();
  }
  return pieces.join('');
}
