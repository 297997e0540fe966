import { clip } from './clip.ts';
import { ended, padded, piecesOf, widthOf } from './columns.ts';

/** A cell is this wide at most; wider, two columns of text fit no terminal. Columns of a terminal. */
const CELL_WIDTH = 60;
/** How much of a cell is shown: so many lines of that width. */
const CELL_LINES = 6;
/** A cell of up to so many characters is shown whole, however its words break; of what is wider, UTF-16 code units. */
export const CELL_MAX = (CELL_LINES * CELL_WIDTH) / 4;
/** What of a cell is looked at, in UTF-16 code units: all that can be shown of it, but of marks and joined emoji, which cost the most. */
const CELL_READ = CELL_WIDTH * CELL_LINES + 1;
/** A word of up to this width is not broken to make a table fit a terminal: a job's name, `ToyRegression`. */
const WHOLE_WORD = 16;
const BETWEEN = '  ';

/**
 * Columns beside one another; a long cell goes on in the next lines, and is cut where it is very long. `width`: of the
 * terminal, which the table fits by folding its widest columns, as far as their words allow.
 */
export function tableText(rows: readonly (readonly string[])[], width = Number.POSITIVE_INFINITY): string {
  const words = rows.map((row) => row.map((cell) => clip(cell, CELL_READ).split(/\s+/)));
  const count = rows[0]?.length ?? 0;
  const natural = columnWidths(
    words.map((row) => row.map((cell) => folded(cell, CELL_WIDTH))),
    count,
  );
  const least = columnWidths(words, count).map((word, column) =>
    Math.min(word, WHOLE_WORD, natural[column]!),
  );
  const most = fitting(natural, least, width - BETWEEN.length * (count - 1));
  const lines = words.map((row) => row.map((cell, column) => folded(cell, most[column] ?? CELL_WIDTH)));
  const widths = columnWidths(lines, count);
  return lines
    .flatMap((row) => {
      const height = Math.max(...row.map((cell) => cell.length));
      return Array.from({ length: height }, (_, line) =>
        row
          .map((cell, column) => padded(cell[line] ?? '', widths[column] ?? 0))
          .join(BETWEEN)
          .trimEnd(),
      );
    })
    .join('\n');
}

/** The widest of the parts in each column. */
function columnWidths(rows: readonly (readonly (readonly string[])[])[], count: number): number[] {
  return Array.from({ length: count }, (_, column) =>
    Math.max(0, ...rows.flatMap((row) => (row[column] ?? []).map(widthOf))),
  );
}

/** The widths with the widest narrowed, none below its least, until together they are at most `width` or nothing gives. */
function fitting(natural: readonly number[], least: readonly number[], width: number): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, each) => sum + each, 0) - width;
  while (over > 0) {
    const gives = widths.map((each, column) => (each > least[column]! ? each : 0));
    const widest = gives.indexOf(Math.max(...gives));
    if (widest < 0 || gives[widest] === 0) break;
    widths[widest]! -= 1;
    over -= 1;
  }
  return widths;
}

/** A cell's lines: broken at spaces where there are any, within a word where it is longer than a line. */
function folded(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words.flatMap((each) => piecesOf(each, width))) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + widthOf(word) < width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const most = Math.ceil((CELL_LINES * CELL_WIDTH) / Math.max(1, width));
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), ended(lines[most - 1]!, width - 1)];
}
