import { parse } from 'csv-parse/sync';
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
  /**
   * Its line has more cells than the first, which these are: a comma that nobody quoted, so that `fields` are a guess.
   */
  cells?: readonly string[];
}

export interface ParsedLog {
  /** The columns, as the rows' cells stand. */
  columns: readonly string[];
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
  const none = { columns: [], rows: [], extraColumns: [], isWhole };
  if (/^\uFEFF?\s*$/.test(text)) return { ...none, problem: null };
  if (text.includes('\0'))
    return { ...none, problem: 'it holds NUL bytes, as when two programs write at once' };
  let table: string[][];
  try {
    table = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
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
  return { columns: names, rows, extraColumns, isWhole, problem: null };
}

function diskRow(names: readonly string[], record: string[]): DiskRow {
  const last = names.length - 1;
  while (record.length > names.length && record.at(-1) === '') record.pop();
  const cells = record.length > names.length ? [...record] : undefined;
  if (cells) record[last] = record.splice(last).join(',');
  const fields: Partial<ExperimentRow> = {};
  const extra: [string, string][] = [];
  for (const [index, cell] of record.entries()) {
    const name = names[index]!;
    if (COLUMNS.has(name)) fields[name as ExperimentColumn] = cell;
    else if (cell !== '') extra.push([name, cell]);
  }
  if (fields.objective_value) fields.objective_value = withDecimalPoint(fields.objective_value);
  return { fields, extra: Object.fromEntries(extra), ...(cells ? { cells } : {}) };
}

/** What stands between the cells: a spreadsheet of another country saves with semicolons or tabs. */
function delimiterOf(text: string): string {
  const [header = ''] = text.split(/[\r\n]/, 1);
  const names = (by: string) => header.split(by).map((cell) => cell.replace(/^[\uFEFF"\s]+|["\s]+$/g, ''));
  return [',', ';', '\t'].find((by) => names(by).includes('experiment_id')) ?? ',';
}

/** `0,25` is a number in half the world; `1,000` is one of two, and stays as it is. */
function withDecimalPoint(text: string): string {
  const isDecimal = /^\s*-?(0,\d+|\d+,(\d{1,2}|\d{4,}))(e[-+]?\d+)?\s*$/i.test(text);
  return isDecimal ? text.replace(',', '.') : text;
}

/** The header's names, each once. */
function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((cell, index) => {
    const trimmed = cell.trim();
    const canonical = trimmed.toLowerCase().replace(/\s+/g, '_');
    let name =
      COLUMNS.has(canonical) && !header.includes(canonical) ? canonical : trimmed || `column_${index + 1}`;
    while (taken.has(name)) name = `${name}_2`;
    taken.add(name);
    return name;
  });
}

/**
 * A row with too many cells, put right where that is certain: one cell took the commas that nobody quoted, and all the
 * others are as they were before. Undefined where there is no such cell.
 */
export function putRight(
  cells: readonly string[],
  columns: readonly string[],
  before: LogRow,
): DiskRow | undefined {
  const surplus = cells.length - columns.length;
  const was = columns.map((name) =>
    COLUMNS.has(name) ? before.fields[name as ExperimentColumn] : (before.extra[name] ?? ''),
  );
  const at = columns.findIndex((_name, index) =>
    was.every((text, other) => other === index || text === cells[other > index ? other + surplus : other]),
  );
  if (at < 0) return undefined;
  return diskRow(columns, [
    ...cells.slice(0, at),
    cells.slice(at, at + surplus + 1).join(','),
    ...cells.slice(at + surplus + 1),
  ]);
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
  return `${values.map(quoted).join(',')}\r\n`;
}

/** QUOTE_MINIMAL of Python's csv module. */
function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
