import { beginning } from './clip.ts';

/** A word that starts within this many characters of a cell's end is left out entirely. */
const LAST_WORD_MAX = 20;

/** A text as one table cell: one line, and short enough to read there. */
export function cellText(text: string, max = 80): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= max) return line;
  const word = line.lastIndexOf(' ', max - 1);
  return `${beginning(line, word >= max - LAST_WORD_MAX ? word : max - 1).trimEnd()}…`;
}
