import { type Block, inlines, type Text } from './message.ts';

type Table = Block & { kind: 'table' };

/** A table without the columns that hold nothing in any row, which only take room; the first one stays. */
export function withoutEmptyColumns(table: Table): Table {
  const { rows } = table;
  const kept = table.columns.map(
    (_name, column) => column === 0 || rows.some((row) => !isEmpty(row[column] ?? '')),
  );
  if (rows.length === 0 || !kept.includes(false)) return table;
  const shown = <T>(cells: readonly T[]) => cells.filter((_cell, column) => kept[column]);
  return { ...table, columns: shown(table.columns), rows: rows.map(shown) };
}

function isEmpty(cell: Text): boolean {
  return inlines(cell).every((piece) => piece === '');
}
