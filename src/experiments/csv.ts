import {
  EXPERIMENT_COLUMNS,
  type ExperimentColumn,
  type ExperimentLogRow,
  type ExperimentRow,
} from '../core/experiment.ts';
import { type Slices, those } from '../core/slices.ts';
import { withoutEnd } from '../core/without-end.ts';
import {
  columnNames,
  delimiterOf,
  headerAt,
  isDescribed,
  isExperimentColumn,
  isPadding,
  isTransposed,
  namesColumns,
  rowNumberColumns,
} from './columns.ts';
import { beginsConflict, isConflictMarker, sidesOf } from './conflict-markers.ts';
import { CsvError, recordsOf } from './csv-records.ts';

/** A row as a file has it: a column that the file lacks, or that the row's line does not reach, is absent, not empty. */
export interface DiskRow {
  fields: Partial<ExperimentRow>;
  extra: Record<string, string>;
  /**
   * Its line has more cells than the first, which these are: a comma that nobody quoted, so that `fields` are a guess.
   */
  cells?: readonly string[];
  /** The log that it is of, where more than one stands in the file; absent for the first. */
  part?: ExperimentLogPart;
}

/** A further log in a file: the other side of a merge, or one that was put behind the first, header and all. */
export interface ExperimentLogPart {
  columns: readonly string[];
}

export interface ParsedExperimentLog {
  /** The columns, as the rows' cells stand. */
  columns: readonly string[];
  /** As they stand in the file: ids may be missing or stand twice. Rows without any text are left out. */
  rows: DiskRow[];
  extraColumns: string[];
  /** Lines that are no rows: those above the first that names the columns, and markers that a merge has left. */
  strays: string[];
  /** A merge was left in it; the rows of both sides are among these. */
  isMerged: boolean;
  /** Some of the rows are of a further log in it. */
  hasParts: boolean;
  /** Its last line has an end. A file without one may still be on its way. */
  isWhole: boolean;
  /** Why this is no log; null when it is one. The rows are then empty. */
  problem: string | null;
}

const NO_LOG = { columns: [], rows: [], extraColumns: [], strays: [] };
/** What ends a line of which only the words are told. */
const PADDING = /[,\s]/;

/**
 * Reads a log whatever program saved it: with or without BOM, any line ends, columns in any order, some missing,
 * others added, logs one behind the other, and the two sides of a merge. No text of it is dropped: cells past the header
 * belong to its last column (a comma that nobody quoted), a column without a name is named by its place. Its text is in
 * pieces of whole lines. In slices, and of at most so many rows: error `log-too-large` where it is more than is taken in.
 */
export function* parsingExperimentLog(
  pieces: readonly string[],
  rowsMax?: number,
): Slices<ParsedExperimentLog> {
  const isMerged = (yield* those(pieces, beginsConflict)).length > 0;
  const sides = isMerged ? (yield* sidesOf(pieces.join(''))).map((side) => [side]) : [pieces];
  const log: ParsedExperimentLog = {
    columns: [],
    rows: [],
    extraColumns: [],
    strays: [],
    isMerged: sides.length > 1,
    hasParts: false,
    isWhole: /[\n\r]$/.test(pieces.at(-1) ?? ''),
    problem: null,
  };
  for (const side of sides) {
    if (side.every((piece) => /^\s*$/.test(piece))) continue;
    const table = yield* tableOf(side, rowsMax);
    if (typeof table === 'string') return { ...log, ...NO_LOG, problem: table };
    yield* addSide(log, table);
  }
  return log;
}

/** The records of a text; why it has none where it is no log. */
function* tableOf(pieces: readonly string[], rowsMax?: number): Slices<string[][] | string> {
  if ((yield* those(pieces, (piece) => piece.includes('\0'))).length > 0)
    return 'it contains NUL bytes, as when two programs write at once';
  const table: string[][] = [];
  let above: readonly string[] = [];
  try {
    for (const record of recordsOf(pieces, delimiterOf(pieces), rowsMax)) {
      // What rows say alike, as statuses and tasks, is kept once.
      for (let at = 0; at < record.length; at += 1) if (record[at] === above[at]) record[at] = above[at]!;
      table.push(record);
      above = record;
      yield;
    }
  } catch (error) {
    if (error instanceof CsvError) return `it is not CSV: ${error.message}`;
    throw error;
  }
  const header = headerAt(table);
  if (header < 0) return 'its first lines do not name the column experiment_id';
  if (isTransposed(table.slice(header))) return 'its rows and columns are swapped';
  return table;
}

/** What stands in a text, behind what stood in another before it. */
function* addSide(log: ParsedExperimentLog, table: string[][]): Slices<void> {
  const known = new Set(log.isMerged ? log.rows.map((row) => JSON.stringify([row.fields, row.extra])) : []);
  const strays = new Set(log.strays);
  const start = headerAt(table);
  for (const record of table.slice(0, start)) addStray(record);
  for (const [header = [], ...records] of yield* logsOf(table.slice(start))) {
    const numbers = rowNumberColumns(header, records);
    const columns = columnNames(header).map((name, index) => (numbers.has(index) ? '' : name));
    const isFurther = log.columns.length > 0;
    let part: Pick<DiskRow, 'part'> = isFurther ? { part: { columns } } : {};
    if (isFurther) log.hasParts = true;
    else log.columns = columns;
    const rows: DiskRow[] = [];
    for (const record of records) {
      yield;
      if (isConflictMarker(record[0]!)) {
        // Of a merge whose other markers are gone: a row may stand above it and below it, as in two logs.
        addStray(record);
        part = { part: { columns } };
        log.hasParts = true;
      } else if (record.some((cell) => cell.trim() !== '')) {
        const row = { ...diskRow(columns, record), ...part };
        if (!log.isMerged || !known.has(JSON.stringify([row.fields, row.extra]))) rows.push(row);
      }
    }
    const added = columns.filter(
      (name, index) =>
        name !== '' &&
        !isExperimentColumn(name) &&
        !log.extraColumns.includes(name) &&
        (!isPadding(header[index]!) || rows.some(({ extra }) => extra[name])),
    );
    log.extraColumns.push(...added);
    for (const row of rows) log.rows.push(row);
  }

  function addStray(record: readonly string[]): void {
    const stray = withoutEnd(record.join(',').replace(/^\uFEFF/, ''), PADDING);
    // A spreadsheet's own word for the delimiter.
    if (stray === '' || /^sep=.?$/i.test(stray) || strays.has(stray)) return;
    strays.add(stray);
    log.strays.push(stray);
  }
}

/** A table cut before each further line that names columns: files that were put one behind the other. */
function* logsOf([first = [], ...table]: readonly string[][]): Slices<string[][][]> {
  const logs = [[first]];
  for (const record of table) {
    yield;
    const [before, header] = cutAtHeader(record);
    if (before) logs.at(-1)!.push(before);
    if (header) logs.push([header]);
  }
  return logs;
}

/** A record that names columns, also where the file before it had no last line end. */
function cutAtHeader(record: string[]): [before?: string[] | undefined, header?: string[]] {
  if (!record.some((cell) => /experiment.id\s*$/i.test(cell))) return [record];
  if (namesColumns(record)) return [undefined, record];
  const at = record.findIndex(
    (cell, index) => /.experiment_id$/.test(cell) && record[index + 1] === 'parent_experiment_id',
  );
  if (at < 0) return [record];
  const last = record[at]!.slice(0, -'experiment_id'.length).replace(/\uFEFF$/, '');
  return [
    [...record.slice(0, at), last],
    ['experiment_id', ...record.slice(at + 1)],
  ];
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
    if (isExperimentColumn(name)) fields[name as ExperimentColumn] = cell;
    else if (cell !== '' && name !== '') extra.push([name, cell]);
    else if (name === '' && isDescribed(cell)) extra.push(['index', cell]);
  }
  if (fields.objective_value) fields.objective_value = withDecimalPoint(fields.objective_value);
  return { fields, extra: Object.fromEntries(extra), ...(cells ? { cells } : {}) };
}

/** The text of a row as its line had it. */
export function lineOf({ cells, fields, extra }: DiskRow): string {
  const line = (cells ?? [...Object.values(fields), ...Object.values(extra)]).join(',');
  return withoutEnd(line, PADDING);
}

/** `0,25` is a number in half the world; `1,000` is one of two, and stays as it is. */
function withDecimalPoint(text: string): string {
  const isDecimal = /^\s*-?(0,\d+|\d+,(\d{1,2}|\d{4,}))(e[-+]?\d+)?\s*$/i.test(text);
  return isDecimal ? text.replace(',', '.') : text;
}

/**
 * A row with too many cells, put right where that is certain: one cell took the commas that nobody quoted, and all the
 * others are as they were before. Undefined where there is no such cell.
 */
export function putRight(
  cells: readonly string[],
  columns: readonly string[],
  before: ExperimentLogRow,
): DiskRow | undefined {
  const surplus = cells.length - columns.length;
  const was = columns.map((name) =>
    isExperimentColumn(name) ? before.fields[name as ExperimentColumn] : (before.extra[name] ?? ''),
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
export function formatExperimentLog(
  rows: readonly ExperimentLogRow[],
  extraColumns: readonly string[] = [],
): string {
  return formatHeader(extraColumns) + rows.map((row) => formatRow(row, extraColumns)).join('');
}

/** The first line of a log. */
export function formatHeader(extraColumns: readonly string[] = []): string {
  return line([...EXPERIMENT_COLUMNS, ...extraColumns]);
}

/** One row as Python's csv module writes it: CRLF, quotes only where they are needed. */
export function formatRow({ fields, extra }: ExperimentLogRow, extraColumns: readonly string[] = []): string {
  const own = EXPERIMENT_COLUMNS.map((column) => fields[column]);
  return line([...own, ...extraColumns.map((name) => extra[name] ?? '')]);
}

/** How rows become a log's text, for whoever keeps their lines. */
export const EXPERIMENT_LOG_LINES = { header: formatHeader, row: formatRow };

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
