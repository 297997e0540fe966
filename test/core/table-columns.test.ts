import { expect, it } from 'vitest';
import type { Text } from '../../src/core/message.ts';
import { tableText } from '../../src/core/plain-table.ts';
import { plainInline } from '../../src/core/plain-text.ts';
import { withoutEmptyColumns } from '../../src/core/table-columns.ts';

const shown = (columns: string[], given: Text[][]) => {
  const table = withoutEmptyColumns({ kind: 'table', columns, rows: given });
  return tableText([table.columns, ...table.rows.map((row) => row.map((cell) => plainInline(cell)))]);
};

it('a table for readers has no column that holds nothing in any row, but for its first', () => {
  const rows: Text[][] = [
    ['', '2', '', '4'],
    ['', '', '', '8'],
  ];
  expect(shown(['a', 'b', 'c', 'd'], rows)).toBe('a  b  d\n   2  4\n      8');
  expect(shown(['a', 'b'], [])).toBe('a  b');
  const jobs = [
    ['a', '', ''],
    ['b', '', 'x'],
  ];
  expect(shown(['job', 'by', 'error'], jobs)).toBe('job  error\na\nb    x');
});
