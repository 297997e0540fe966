import type { TableBlock } from '@slack/types';
import { clipText } from '../../src/core/fit.ts';
import type { Block, Text } from '../../src/core/message.ts';
import { CELL_MAX } from '../../src/core/plain-table.ts';
import { type PlainTextOptions, plainInline, plainText } from '../../src/core/plain-text.ts';
import { TABLE_COLUMNS_MAX, TABLE_ROWS_MAX, TABLE_TEXT_MAX } from './limits.ts';
import { section, type TextContext } from './text.ts';

type Table = Block & { kind: 'table' };
type TableContext = TextContext & Pick<PlainTextOptions, 'now' | 'timezone'>;

/** A number, with its unit: in a column of them the digits stand below each other. */
const NUMBER = /^[-+±]?\d[\d,. ]*(?:e[-+]?\d+)?[ ]?(?:%|[a-z]{1,5}(?:\/[a-z]{1,5})?)?$/i;

/** What Slack's table shows of a table, in characters of text in at most `budget`, and what it does not. */
export function tableBlock(table: Table, budget: number, cuts: string[], context: TableContext): TableBlock {
  const columns = table.columns.slice(0, TABLE_COLUMNS_MAX);
  if (columns.length < table.columns.length) cuts.push('columns of a table');
  const header = columns.map((name): Text => [{ bold: name }]);
  const most = Math.min(budget, TABLE_TEXT_MAX);
  const shown = [header, ...table.rows.map((row) => row.slice(0, TABLE_COLUMNS_MAX))].slice(
    0,
    TABLE_ROWS_MAX,
  );
  const rows = within(shown, most, context);
  if (rows.some((row, index) => row !== shown[index])) cuts.push('the end of a cell');
  if (rows.length <= table.rows.length) cuts.push(`${table.rows.length + 1 - rows.length} rows of a table`);
  return {
    type: 'table',
    rows: rows.map((row) =>
      row.map((cell) => ({ type: 'rich_text' as const, elements: [section(cell, context)] })),
    ),
    column_settings: columns.map((_, column) =>
      isOfNumbers(table.rows.map((row) => plainInline(row[column] ?? '', context)))
        ? { align: 'right' as const }
        : { is_wrapped: true },
    ),
  };
}

/** A table as text in columns; whether no cell is cut there. */
export type InColumns = (table: Table) => { text: string; isWhole: boolean };

/** Tables as text in columns, each worked out once: measuring a wide one takes its time. */
export function tablesInColumns(context: TableContext): InColumns {
  const made = new Map<Table, ReturnType<InColumns>>();
  return (table) => {
    const known = made.get(table);
    if (known) return known;
    const isWhole = table.rows.flat().every((cell) => plainInline(cell, context).length <= CELL_MAX);
    const text = plainText({ blocks: [table] }, context);
    made.set(table, { text, isWhole });
    return { text, isWhole };
  };
}

/** The rows that take at most so many characters: the columns' names, and one row, in shorter cells if need be. */
function within(rows: readonly Text[][], most: number, context: TableContext): Text[][] {
  let left = most;
  const shown: Text[][] = [];
  for (const [index, row] of rows.entries()) {
    const length = textLength(row, context);
    if (length > left && index > 1) break;
    const kept =
      length <= left ? row : row.map((cell) => clipText(cell, Math.floor(left / 2 / row.length)).text);
    left -= textLength(kept, context);
    shown.push(kept);
  }
  return shown;
}

/** What Slack counts of a table: the text of its cells. */
export function tableSize(table: TableBlock): number {
  return textIn(table.rows);
}

function textIn(node: unknown): number {
  if (Array.isArray(node)) return node.reduce((sum: number, each) => sum + textIn(each), 0);
  if (typeof node !== 'object' || node === null) return 0;
  const { text, elements } = node as { text?: unknown; elements?: unknown };
  return (typeof text === 'string' ? text.length : 0) + textIn(elements);
}

/** What Slack counts of a row: an empty cell holds a space. */
function textLength(row: readonly Text[], context: TableContext): number {
  return row.reduce((sum, cell) => sum + Math.max(1, plainInline(cell, context).length), 0);
}

function isOfNumbers(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== '');
  return filled.length > 0 && filled.every((cell) => NUMBER.test(cell));
}
