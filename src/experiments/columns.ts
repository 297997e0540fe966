import { EXPERIMENT_COLUMNS } from '../core/experiment.ts';
import { withoutEnd } from '../core/without-end.ts';

const COLUMNS: ReadonlySet<string> = new Set(EXPERIMENT_COLUMNS);
/** What may stand between cells: a spreadsheet of another country saves with semicolons or tabs. */
const DELIMITERS = [',', ';', '\t', '|'];
/** How many lines may stand above the one that names the columns. */
const LINES_ABOVE = 20;
/** How much of such a line is looked at, and how long a column's name may be, characters. */
const LINE_READ = 16_384;
const NAME_MAX = 200;
/** What a line that may name the columns has in it. */
const NAMES_ID = /experiment[\s_-]+id/i;

/** pandas' name for a column without one: `Unnamed: 0`, `Unnamed: 0.1`, and so on. */
const UNNAMED = /^Unnamed: \d+(\.\d+)*$/;
/** What pandas' `reset_index` calls the row numbers that it makes a column of. */
const ROW_NUMBERS = /^(index|level_\d+)$/;
/** What a column without a name is called here. */
const PLACE = /^column_\d+$/;
/** What pandas' `describe` calls its rows. */
const DESCRIBED = /^(count|unique|top|freq|mean|std|min|max|\d{1,2}(\.\d)?%)$/;
const ROW_NUMBER = /^\d+(\.0)?$/;

export function isExperimentColumn(name: string): boolean {
  return COLUMNS.has(name);
}

/** The delimiter of a log, whose text is in pieces of whole lines; a comma where no line of its beginning names the experiments' ids. */
export function delimiterOf(pieces: readonly string[]): string {
  const lines = firstLines(pieces).filter((line) => NAMES_ID.test(line));
  const names = (line: string, by: string) =>
    line.split(by).map((cell) => withoutEnd(cell.replace(/^[\uFEFF"\s]+/, ''), /["\s]/));
  return DELIMITERS.find((by) => lines.some((line) => namesIds(names(line, by)))) ?? ',';
}

/** Where the columns may be named, of each line as much as is looked at. */
function firstLines(pieces: readonly string[]): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const line = /([^\r\n]*)(?:\r\n|\n|\r|$)/y;
    while (lines.length <= LINES_ABOVE && line.lastIndex < piece.length)
      lines.push(line.exec(piece)![1]!.slice(0, LINE_READ));
    if (lines.length > LINES_ABOVE) break;
  }
  return lines;
}

/** Where the line that names the columns is among the records; -1 where none is near the beginning. */
export function headerAt(records: readonly (readonly string[])[]): number {
  return records.slice(0, LINES_ABOVE + 1).findIndex(namesIds);
}

/** Whether a record further down names columns again: one cell alone may be a formula's value. */
export function namesColumns(cells: readonly string[]): boolean {
  return namesIds(cells) && cells.filter((cell) => COLUMNS.has(canonical(cell))).length > 1;
}

function namesIds(cells: readonly string[]): boolean {
  return cells.some((cell) => canonical(cell) === 'experiment_id');
}

/** Whether the columns' names stand one below the other, as pandas' `T` and a spreadsheet's "transpose" leave them. */
export function isTransposed([header = [], ...records]: readonly (readonly string[])[]): boolean {
  const id = header.findIndex((cell) => canonical(cell) === 'experiment_id');
  const [first, second] = records.slice(0, 2).map((record) => canonical(record[id] ?? ''));
  return first === 'parent_experiment_id' && second === 'queue_job_id';
}

/** The names that a header's cells mean, each once; a column without a name is named by its place. */
export function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  const last = new Map<string, string>();
  return header.map((cell, index) => {
    const trimmed = cell.replace(/^\uFEFF/, '').trim();
    const meant = canonical(cell);
    const wanted = COLUMNS.has(meant) && !header.includes(meant) ? meant : trimmed || `column_${index + 1}`;
    let name = last.get(wanted) ?? wanted;
    while (taken.has(name)) name = `${name}_2`;
    last.set(wanted, name);
    taken.add(name);
    return name;
  });
}

/** Whether a column without texts is none: a spreadsheet leaves some at the end of a line, and pandas gives them a name. */
export function isPadding(name: string): boolean {
  return name.trim() === '' || UNNAMED.test(name.trim());
}

/** Whether a column without a name of somebody's may be what pandas calls its rows. */
export function isRowLabels(name: string): boolean {
  return UNNAMED.test(name) || ROW_NUMBERS.test(name) || PLACE.test(name);
}

/** Whether a row of that label is one of pandas' `describe`: counts and samples of all the others. */
export function isDescribed(label: string): boolean {
  return DESCRIBED.test(label);
}

/** Columns of row numbers, which pandas writes before the others, one more each time: they say nothing of an experiment. */
export function rowNumberColumns(
  header: readonly string[],
  records: readonly (readonly string[])[],
): ReadonlySet<number> {
  const first = header.findIndex((cell) => COLUMNS.has(canonical(cell)));
  if (first === 0) return new Set();
  const id = header.findIndex((cell) => canonical(cell) === 'experiment_id');
  const rows = records.filter(
    (record) => (record[id] ?? '') !== '' && !record.slice(0, first).some(isDescribed),
  );
  const isRowNumbers = (cell: string, index: number) => {
    const name = cell.trim();
    if (index >= first || !rows.every((record) => ROW_NUMBER.test(record[index] ?? ''))) return false;
    if (UNNAMED.test(name) || (name === '' && index === 0)) return true;
    return ROW_NUMBERS.test(name) && rows.every((record) => Number(record[index]) < rows.length);
  };
  return new Set(header.flatMap((cell, index) => (isRowNumbers(cell, index) ? [index] : [])));
}

/** `Experiment ID` and `EXPERIMENT-ID` are the column too. */
function canonical(cell: string): string {
  return cell
    .slice(0, NAME_MAX)
    .replace(/^\uFEFF/, '')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
}
