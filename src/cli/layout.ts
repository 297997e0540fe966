/** A line with two columns: what is typed, and what it does; empty: what is typed is an example, to be copied. */
export type Row = readonly [left: string, right: string];
export type Line = string | Row;

/** Of a line of help, columns, where the terminal has no fewer. */
const WIDTH = 100;
const INDENT = 2;
const GAP = 2;
/** Where a row's right column begins that has no place beside its left one. */
const BELOW = 6;
/** A left column that is wider has its right one in the next line, so that the others keep theirs. */
const LEFT = 36;
/** What is right of all left columns is wider than this, or stands below them. */
const RIGHT = 28;

/**
 * Sections with an empty line between them, in lines of at most `width` columns. Rows are indented, and their right columns stand
 * below each other in each section; in a narrow terminal each stands below its left one.
 */
export function sections(all: readonly (readonly Line[])[], width = WIDTH): string {
  const most = Math.min(width, WIDTH);
  return all
    .filter((lines) => lines.length > 0)
    .map((lines) => section(lines, most))
    .join('\n\n');
}

function section(lines: readonly Line[], width: number): string {
  const lefts = lines.flatMap((line) => (typeof line === 'string' ? [] : [line[0].length]));
  const beside = INDENT + GAP + Math.max(0, ...lefts.filter((left) => left <= LEFT));
  const isNarrow = width < WIDTH && width - beside < RIGHT;
  const column = isNarrow ? BELOW : beside;
  return lines
    .map((line) => {
      if (typeof line === 'string') return folded(line, 0, width);
      const [left, right] = line;
      const typed = `${' '.repeat(INDENT)}${left}`;
      // What is to be copied stays whole.
      if (right === '') return typed;
      return isNarrow || typed.length + GAP > column
        ? `${folded(typed, BELOW, width)}\n${folded(' '.repeat(column) + right, column, width)}`
        : folded(typed.padEnd(column) + right, column, width);
    })
    .join('\n');
}

/** A text of ours in lines of at most `width`; all but the first begin at a column. A word that is longer stays whole. */
function folded(text: string, column: number, width: number): string {
  if (text.length <= width) return text;
  const before = text.lastIndexOf(' ', width);
  const cut = before > column ? before : text.indexOf(' ', Math.max(width, column + 1));
  if (cut < 0) return text;
  return `${text.slice(0, cut).trimEnd()}\n${folded(' '.repeat(column) + text.slice(cut + 1), column, width)}`;
}
