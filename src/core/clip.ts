import { characterEnd, characterStart } from './characters.ts';

/**
 * A text of at most `most` UTF-16 code units, as the platforms and JavaScript count, with an ellipsis in place of what is cut;
 * cut where a reader sees a character end, so that no surrogate pair, emoji or accent is split.
 */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  return most < 1 ? '' : `${text.slice(0, characterStart(text, most - 1))}…`;
}

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
