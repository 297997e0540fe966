import { LRUCache } from 'lru-cache';
import stringWidth from 'string-width';
import { characters } from './characters.ts';

/**
 * Kana, ideographs, Hangul syllables and full-width forms: code units that are a character by themselves, of two columns
 * (Unicode's East Asian Width, W and F). Nothing that joins its neighbours is among them.
 */
const WIDE = '\\u3041-\\u3096\\u30a0-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uff01-\\uff60';
/** Letters of Latin, Greek and Cyrillic, and signs, of one column each, none of which joins its neighbours. */
const NARROW =
  '\\u00a1-\\u00ac\\u00ae-\\u02ff\\u0370-\\u0482\\u048a-\\u052f\\u2010-\\u2027\\u2030-\\u205e\\u20a0-\\u20bf\\u2200-\\u22ff\\u2500-\\u259f';
/** What is of one column stands before what is of two. */
const NARROW_LAST = 0x259f;
const PLAIN = new RegExp(`^[\\x20-\\x7e${NARROW}${WIDE}]*$`);

/** Of so many characters and lines that have to be looked at closely the width is remembered: tables ask for each several times. */
const KNOWN_MAX = 2_048;
/** No longer ones are, UTF-16 code units: what a line of a table holds. */
const KNOWN_LENGTH = 128;
const known = new LRUCache<string, number>({ max: KNOWN_MAX });

/** How many columns a text takes on a terminal or in a code block: an ideograph or an emoji takes two, a mark on a letter none. */
export function widthOf(text: string): number {
  if (!PLAIN.test(text)) return remembered(text, widthOfAny);
  let width = text.length;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > NARROW_LAST) width += 1;
  return width;
}

/** The library looks at each character for some ten microseconds, which takes seconds for a table that is full of emoji. */
function widthOfAny(text: string): number {
  if (/[\u001b\u009b]/.test(text)) return stringWidth(text);
  let width = 0;
  for (const character of characters(text)) width += remembered(character, stringWidth);
  return width;
}

function remembered(text: string, measure: (text: string) => number): number {
  if (text.length > KNOWN_LENGTH) return measure(text);
  const width = known.get(text) ?? measure(text);
  known.set(text, width);
  return width;
}

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
