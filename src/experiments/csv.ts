import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { EXPERIMENT_COLUMNS, type ExperimentColumn, type ExperimentRow } from '../core/experiment.ts';

/** A row with whatever columns somebody added beside the 22; they are kept and written back after them. */
export interface LogRow {
  fields: ExperimentRow;
  extra: Record<string, string>;
}

/** A row as a file has it: a column that the file lacks, or that the row's line does not reach, is absent, not empty. */
export interface DiskRow {
  fields: Partial<ExperimentRow>;
  extra: Record<string, string>;
}

export interface ParsedLog {
  /** As they stand in the file: ids may be missing or stand twice. Rows without any text are left out. */
  rows: DiskRow[];
  extraColumns: string[];
  /** Its last line has an end. A file without one may still be on its way. */
  isWhole: boolean;
  /** Why this is no log; null when it is one. The rows are then empty. */
  problem: string | null;
}

const COLUMNS: ReadonlySet<string> = new Set(EXPERIMENT_COLUMNS);

/**
 * Reads a log whatever program saved it: with or without BOM, any line ends, columns in any order, some missing,
 * others added. No text of it is dropped: cells past the header belong to its last column (a comma that nobody
 * quoted), a column without a name is named by its place.
 */
export function parseLog(text: string): ParsedLog {
  const isWhole = /[\r\n]$/.test(text);
  const none = { rows: [], extraColumns: [], isWhole };
  if (/^\uFEFF?\s*$/.test(text)) return { ...none, problem: null };
  let table: string[][];
  try {
    table = parse(text, {
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }) as string[][];
  } catch (error) {
    return { ...none, problem: `it is no CSV: ${(error as Error).message}` };
  }
  const [header, ...records] = table;
  const names = columnNames(header ?? []);
  if (!names.includes('experiment_id')) {
    return { ...none, problem: 'its first line does not name the column experiment_id' };
  }
  const rows = records
    .filter((record) => record.some((cell) => cell !== ''))
    .map((record) => diskRow(names, record));
  const extraColumns = names.filter(
    (name, index) =>
      !COLUMNS.has(name) && (header![index]!.trim() !== '' || rows.some(({ extra }) => extra[name])),
  );
  return { rows, extraColumns, isWhole, problem: null };
}

function diskRow(names: readonly string[], record: string[]): DiskRow {
  const last = names.length - 1;
  while (record.length > names.length && record.at(-1) === '') record.pop();
  if (record.length > names.length) record[last] = record.splice(last).join(',');
  const fields: Partial<ExperimentRow> = {};
  const extra: [string, string][] = [];
  for (const [index, cell] of record.entries()) {
    const name = names[index]!;
    if (COLUMNS.has(name)) fields[name as ExperimentColumn] = cell;
    else if (cell !== '') extra.push([name, cell]);
  }
  return { fields, extra: Object.fromEntries(extra) };
}

/** The header's names, each once. */
function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((cell, index) => {
    let name = cell.trim() || `column_${index + 1}`;
    while (taken.has(name)) name = `${name}_2`;
    taken.add(name);
    return name;
  });
}

/** A whole log. */
export function formatLog(rows: readonly LogRow[], extraColumns: readonly string[] = []): string {
  return formatHeader(extraColumns) + rows.map((row) => formatRow(row, extraColumns)).join('');
}

/** The first line of a log. */
export function formatHeader(extraColumns: readonly string[] = []): string {
  return line([...EXPERIMENT_COLUMNS, ...extraColumns]);
}

/** One row as Python's csv module writes it: CRLF, quotes only where they are needed. */
export function formatRow({ fields, extra }: LogRow, extraColumns: readonly string[] = []): string {
  const own = EXPERIMENT_COLUMNS.map((column) => fields[column]);
  return line([...own, ...extraColumns.map((name) => extra[name] ?? '')]);
}

/** Any table in the same form. */
export function formatTable(lines: readonly (readonly string[])[]): string {
  return lines.map(line).join('');
}

function line(values: readonly string[]): string {
  return stringify([[...values]], { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
}
