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
/** A column up to this wide is not folded: a job's name, `completed, 11 min 8 s ago`. A wider one holds sentences, and keeps as much. */
const SHORT = 30;
const SENTENCE = 20;
/** A narrowed column has no more lines than this in any row. */
const TOWER = 5;
const BETWEEN = '  ';
const INDENT = '  ';

/** A piece of a table's line. `row` 0 is the head; `label`: the name of a column whose cell stands below its row. */
export interface TablePiece {
  text: string;
  row: number;
  column: number;
  isLabel?: true;
}

/**
 * Columns beside one another; a long cell goes on in the next lines, and is cut where it is very long. `width`: of the
 * terminal, which the table fits: columns of sentences are narrowed, and the last columns that do not fit stand below their rows.
 */
export function tableText(rows: readonly (readonly string[])[], width?: number): string {
  return tableLines(rows, width)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n');
}

/** The same in pieces, one or several for each cell of a line; a line's last has no blanks behind it. */
export function tableLines(
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): TablePiece[][] {
  const words = rows.map((row) => row.map((cell) => clip(cell, CELL_READ).split(/\s+/)));
  const natural = columnWidths(words.map((row) => row.map((cell) => folded(cell, CELL_WIDTH))));
  const { beside, lines } = laidOut(words, natural, width);
  const widths = columnWidths(lines);
  return lines.flatMap((cells, row) => [
    ...besides(cells, row, widths),
    ...(row === 0 ? [] : below(words, row, beside, width)),
  ]);
}

/** As many columns beside one another as find room there without a sentence becoming a tower, and their cells' lines. */
function laidOut(
  words: readonly (readonly (readonly string[])[])[],
  natural: readonly number[],
  width: number,
): { beside: number; lines: string[][][] } {
  const least = natural.map((each) => (each > SHORT ? SENTENCE : each));
  for (let beside = besideOneAnother(least, width); ; beside -= 1) {
    const most = fitting(natural.slice(0, beside), least, width - BETWEEN.length * (beside - 1));
    const lines = words.map((row) =>
      row.slice(0, beside).map((cell, column) => folded(cell, most[column] ?? CELL_WIDTH)),
    );
    const isLow = lines.every((row) =>
      row.every((cell, column) => cell.length <= TOWER || most[column]! >= natural[column]!),
    );
    if (isLow || beside <= 1) return { beside, lines };
  }
}

/** The lines of a row, of the columns that stand beside one another. */
function besides(
  cells: readonly (readonly string[])[],
  row: number,
  widths: readonly number[],
): TablePiece[][] {
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) => {
    const last = cells.findLastIndex((cell) => (cell[line] ?? '') !== '');
    return cells.slice(0, last + 1).map((cell, column) => {
      const text = cell[line] ?? '';
      return { text: column === last ? text : padded(text, widths[column]!) + BETWEEN, row, column };
    });
  });
}

/**
 * What of a row has no place beside the rest, each cell with its column's name before it: short ones beside one another, a
 * sentence in lines of its own. What is empty is left out.
 */
function below(
  words: readonly (readonly (readonly string[])[])[],
  row: number,
  beside: number,
  width: number,
): TablePiece[][] {
  const room = Math.max(1, width - INDENT.length);
  const lines: TablePiece[][] = [];
  let taken = Number.POSITIVE_INFINITY;
  for (const [index, cell] of words[row]!.slice(beside).entries()) {
    if (cell.every((word) => word === '')) continue;
    const column = beside + index;
    const label = `${words[0]![column]?.join(' ') ?? ''}:`;
    const text = cell.join(' ');
    const wide = widthOf(label) + 1 + widthOf(text);
    if (wide <= room && widthOf(text) <= SHORT) {
      const isFurther = taken + BETWEEN.length + wide <= room;
      const pieces: TablePiece[] = [
        { text: `${isFurther ? BETWEEN : INDENT}${label} `, row, column, isLabel: true },
        { text, row, column },
      ];
      if (isFurther) lines.at(-1)!.push(...pieces);
      else lines.push(pieces);
      taken = (isFurther ? taken + BETWEEN.length : 0) + wide;
      continue;
    }
    taken = Number.POSITIVE_INFINITY;
    const [first = '', ...more] = folded([label, ...cell], room);
    const isLabelled = first.startsWith(label);
    lines.push([
      { text: `${INDENT}${isLabelled ? label : ''}`, row, column, isLabel: true },
      { text: isLabelled ? first.slice(label.length) : first, row, column },
    ]);
    lines.push(...more.map((each): TablePiece[] => [{ text: `${INDENT}${each}`, row, column }]));
  }
  return lines;
}

/** How many of the columns, from the first on, find room beside one another; at least one. */
function besideOneAnother(least: readonly number[], width: number): number {
  let taken = 0;
  for (const [column, each] of least.entries()) {
    taken += each + (column === 0 ? 0 : BETWEEN.length);
    if (taken > width) return Math.max(1, column);
  }
  return least.length;
}

/** The widest of the parts in each column. */
function columnWidths(rows: readonly (readonly (readonly string[])[])[]): number[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, column) =>
    Math.max(0, ...rows.flatMap((row) => (row[column] ?? []).map(widthOf))),
  );
}

/** The widths with the widest narrowed, none below its least but for a last one, until together they are at most `width`. */
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
  // One column alone has to fit all the same.
  return widths.length === 1 ? [Math.max(1, Math.min(widths[0]!, width))] : widths;
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
