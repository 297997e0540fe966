import { parse } from 'csv-parse/sync';

/** What a spreadsheet passes over before a cell's first sign. */
const BLANKS = /^[\s"\p{Cc}\p{Cf}\p{Zs}\u115f\u1160\u3164\uffa0]*/u;

/**
 * The cells of a CSV file that a spreadsheet would run: those that begin with a sign of a formula in any width, behind whatever
 * is not seen, but for numbers. An apostrophe says that a cell is text. The file is read as where a comma parts cells, and
 * as where a semicolon or a tab does, and quotes mean nothing but at the beginning of a cell.
 */
export function formulasIn(csv: string): string[] {
  const table = parse(csv, { bom: true, relax_column_count: true }) as string[][];
  const elsewhere = csv.split(/[;\t\r\n]/);
  return [...table.flat(), ...elsewhere].filter((cell) => {
    const text = cell.replace(BLANKS, '');
    const [first = ''] = text.normalize('NFKC');
    const isNumber = text.trim() !== '' && Number.isFinite(Number(text));
    return '=+-@\u2212'.includes(first) && first !== '' && !isNumber;
  });
}
