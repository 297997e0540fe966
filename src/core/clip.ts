import { characterEnd, characterStart } from './characters.ts';

/**
 * A text of at most `most` characters, with an ellipsis in place of what is cut; cut where a reader sees a character end,
 * so that no surrogate pair, emoji or accent is split. `by` is what counts as a character: UTF-16 code units, as the
 * platforms and JavaScript count, or code points.
 */
export function clip(text: string, most: number, by: Count = 'units'): string {
  if (most < 1) return '';
  if (unitsOf(text, most, by) >= text.length) return text;
  return `${text.slice(0, characterStart(text, unitsOf(text, most - 1, by)))}…`;
}

export type Count = 'units' | 'code points';

/** The beginning of a text, of at most `most` UTF-16 code units, for what takes no ellipsis. */
export function beginning(text: string, most: number): string {
  return text.slice(0, characterStart(text, most));
}

/** What of a text stands between two places, UTF-16 code units, without half a character at either end. */
export function between(text: string, from: number, to: number): string {
  return text.slice(characterEnd(text, from), characterStart(text, to));
}

/** The end of a text, in at most `most` UTF-16 code units: what a log ends with is what matters. */
export function clipStart(text: string, most: number): string {
  if (text.length <= most) return text;
  return most < 1 ? '' : `…${text.slice(characterEnd(text, text.length - (most - 1)))}`;
}

/** How many code units the first so many characters of a text take. */
function unitsOf(text: string, count: number, by: Count): number {
  if (by === 'units') return count;
  let at = 0;
  for (let left = count; left > 0 && at < text.length; left -= 1)
    at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return at;
}
