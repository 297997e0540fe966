import { widthOf } from '../../src/core/columns.ts';
import { clipText } from '../../src/core/fit.ts';
import { type Block, inlines, type Text } from '../../src/core/message.ts';
import { tableText } from '../../src/core/plain-table.ts';
import { plainInline } from '../../src/core/plain-text.ts';
import { PHONE_COLUMNS } from './limits.ts';
import { codeBlock, literal, markdown, type TextContext } from './text.ts';

type Table = Block & { kind: 'table' };

/** How a table is written that is wider than a phone: with each value's column beside it, or the columns named once. */
export type TableForm = 'labelled' | 'bare';

interface TableContext extends TextContext {
  timezone: string;
  now: number;
}

/** A table's text, and what of it had no room. */
export interface TableContent {
  content: string;
  cuts: string[];
}

const BETWEEN = ' · ';
/** A cell of more code units is taken to be wider than a phone. */
const MEASURED_MAX = 4 * PHONE_COLUMNS;
/** In place of what has nothing that is seen. */
export const NOTHING = '–';

/**
 * A table of at most `budget` characters: as columns in a block of code where a phone shows each row in one line, else
 * a paragraph a row, which any width can break. Rows that have no room are left out at the end.
 */
export function tableContent(
  table: Table,
  form: TableForm,
  budget: number,
  context: TableContext,
): TableContent {
  const columns = narrowLines(table, context);
  if (columns) {
    const shown = within(columns, budget);
    return { content: codeBlock(columns.slice(0, shown).join('\n')), cuts: cutRows(columns.length - shown) };
  }
  const cuts: string[] = [];
  const lines = paragraphs(table, form, budget, context, cuts);
  const shown = within(lines, budget);
  return { content: lines.slice(0, shown).join('\n'), cuts: [...cutRows(lines.length - shown), ...cuts] };
}

/**
 * The lines of a table that is no wider than a phone: the columns' names and a line a row, since so narrow a table breaks
 * no cell. Undefined for a wider one.
 */
function narrowLines(table: Table, context: TableContext): string[] | undefined {
  const rows = [table.columns, ...table.rows.map((row) => row.map((cell) => plainInline(cell, context)))];
  // Before anything is measured, which takes its time.
  if (rows.some((row) => row.some((cell) => cell.length > MEASURED_MAX))) return undefined;
  const lines = tableText(rows).split('\n');
  return lines.every((line) => widthOf(line) <= PHONE_COLUMNS) ? lines : undefined;
}

function cutRows(count: number): string[] {
  return count > 0 ? [`${count} rows of a table`] : [];
}

/** How many lines take at most so many characters together; one at least. */
function within(lines: readonly string[], budget: number): number {
  let left = budget;
  for (const [index, line] of lines.entries()) {
    left -= line.length + 1;
    if (left < 0) return Math.max(1, index);
  }
  return lines.length;
}

function paragraphs(
  { columns, rows }: Table,
  form: TableForm,
  budget: number,
  context: TableContext,
  cuts: string[],
): string[] {
  const written = (cell: Text): string => {
    const { text, cut } = clipText(cell, budget);
    if (cut) cuts.push('the end of a cell');
    return markdown(text, context)
      .replace(/\s*\n\s*/g, ' ')
      .trim();
  };
  // A row is called by its first cell, behind its number where the table has one.
  const numbers = Math.max(
    0,
    columns.findIndex((name) => /\p{L}/u.test(name)),
  );
  // One value needs no name beside it: it says what it is.
  const isLabelled = form === 'labelled' && columns.length > numbers + 2;
  const lines = rows.map((row) => {
    const cells = row.map(written);
    const [head = '', ...values] = cells.slice(numbers);
    const last = values.findLastIndex((value) => value !== '');
    const said = values.slice(0, last + 1).flatMap((value, index) => {
      const name = columns[numbers + index + 1];
      if (!isLabelled) return [value || NOTHING];
      return value === '' ? [] : [name ? `${literal(name)}: ${value}` : value];
    });
    const isPlain = inlines(row[numbers] ?? '').every((piece) => typeof piece === 'string');
    const called = isPlain && head !== '' ? `**${head}**` : head || NOTHING;
    return `${[...cells.slice(0, numbers), called].join(' ')}  ${said.join(BETWEEN)}`.trimEnd();
  });
  const named = (isLabelled ? columns.slice(numbers, numbers + 1) : columns).filter((name) => name !== '');
  return [`-# ${named.map(literal).join(BETWEEN)}`, ...lines];
}
