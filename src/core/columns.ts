import stringWidth from 'string-width';
import { characters } from './characters.ts';

/** How many columns a text takes on a terminal or in a code block: an ideograph or an emoji takes two, a mark on a letter none. */
export const widthOf = (text: string): number => stringWidth(text);

/** A text with spaces behind it up to so many columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** A text in pieces of at most so many columns, cut between characters; one that is wider by itself is a piece. */
export function piecesOf(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const pieces: string[] = [];
  let [piece, taken] = ['', 0];
  for (const each of characters(text)) {
    const wide = widthOf(each);
    if (piece !== '' && taken + wide > width) {
      pieces.push(piece);
      [piece, taken] = ['', 0];
    }
    piece += each;
    taken += wide;
  }
  return [...pieces, piece];
}

/** A text of at most so many columns with an ellipsis after it, which takes one more. */
export function ended(text: string, width: number): string {
  return `${piecesOf(text, width)[0]}…`;
}
