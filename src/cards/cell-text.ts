import { beginning } from '../core/clip.ts';

/** Where a word begins in the last so many characters of a cell, it is left out whole. */
const LAST_WORD_MAX = 20;

/** A text as one cell of a table: on one line, and no longer than people read there. */
export function cellText(text: string, max = 80): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= max) return line;
  const word = line.lastIndexOf(' ', max - 1);
  return `${beginning(line, word >= max - LAST_WORD_MAX ? word : max - 1).trimEnd()}…`;
}
