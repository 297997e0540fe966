import type { RunFiles } from '../../core/queue.ts';
import { createGrowingLines } from './growing-lines.ts';
import { cellNumber } from './numbers.ts';
import { createRows } from './rows.ts';
import { type Format, folderOf, type Keeping, type Logged, type PointStore, type Source } from './source.ts';
import { epochSeconds, stepNameOf, timeNameOf } from './step-names.ts';
import { wholeBeside } from './whole-beside.ts';

/** More columns than this are no curves that anybody looks at; those beyond are not read. */
const COLUMNS_MAX = 1_000;
/** Rows from which it is told whether a table is one of metrics. */
const ROWS_JUDGED = 20;
/** A comment before the header, as the Monitor of stable-baselines3 writes one. */
const COMMENT = /^#/;
/** A file of such a name is taken for a table; one that is named as a log, as Keras's is in its own examples, may be one. */
const NAMED_TABLE = /\.(csv|tsv)$/i;
/** Logs that are looked at: most are none. */
const LOGS_MAX = 50;
const MONITOR = /(^|[./])monitor\.csv$/;
/** dvclive keeps a table for each metric, below this folder, named by the metric's own path. */
const DVCLIVE = /^(?:(.*)\/)?plots\/metrics\/(.+)\.tsv$/;

/** Which column is what in a header. */
interface Header {
  cells: readonly string[];
  step: number;
  time: number;
  /** The tags of the other columns, by their places. */
  tags: readonly (readonly [place: number, tag: string])[];
}

/**
 * Metrics in a table: a header, mostly numbers, a column that counts steps. Columns go by their names. Empty and `NA` are no
 * value, `nan` and `inf` are. A header in the midst begins another attempt, from whose first step on the rows before it are
 * superseded; a row at an earlier step than the last does so, too.
 */
export const TABLE: Format = {
  name: 'table',
  claims: (path) => NAMED_TABLE.test(path) || /\.(log|txt)$/i.test(path),
  chosen: (paths) => [
    ...paths.filter((path) => NAMED_TABLE.test(path)),
    ...paths.filter((path) => !NAMED_TABLE.test(path)).slice(0, LOGS_MAX),
  ],
  runOf: (path) => DVCLIVE.exec(path)?.[1] ?? (DVCLIVE.test(path) ? '.' : folderOf(path)),
  plainTag: (tag, path) => (MONITOR.test(path) ? `monitor/${tag}` : tag),
  open: wholeBeside(openTable),
};

function openTable<P extends PointStore>(files: RunFiles, path: string, keeping: Keeping<P>): Source<P> {
  const dvclive = DVCLIVE.exec(path);
  const countsRows = MONITOR.test(path);
  const isNamedTable = NAMED_TABLE.test(path);
  let delimiter = '';
  let header: Header | null = null;
  /** It is no table of metrics: the rest of it is not read. */
  let isNone = false;
  let problem: string | null = null;
  const points = createRows(keeping);
  let rows = 0;
  let damaged = 0;
  let numeric = 0;
  let filled = 0;

  const lines = createGrowingLines(
    files,
    path,
    {
      startOver() {
        points.clear();
        [delimiter, header, isNone, problem] = ['', null, false, null];
        [rows, damaged, numeric, filled] = [0, 0, 0, 0];
      },
      isDone: () => isNone,
      leap() {
        rows = Math.max(rows, ROWS_JUDGED);
      },
      line,
      covering,
    },
    keeping,
  );

  function covering() {
    const left = new Map(header?.tags);
    return (texts: readonly string[]): boolean => {
      for (const text of texts.toReversed()) {
        if (left.size === 0) return true;
        const cells = cellsOf(text, delimiter);
        for (const place of left.keys()) if ((cells[place] ?? '').trim() !== '') left.delete(place);
      }
      return left.size === 0;
    };
  }

  function line(text: string, writtenAt: number): void {
    if (text.trim() === '' || (!header && COMMENT.test(text))) return;
    if (!header) {
      delimiter = delimiterOf(text);
      const found = headerOf(cellsOf(text, delimiter));
      if (found) header = found;
      else [isNone, problem] = [true, isNamedTable ? noTable(text) : null];
      return;
    }
    const cells = cellsOf(text, delimiter);
    if (isHeader(cells)) {
      header = headerOf(cells) ?? header;
      points.restart();
    } else row(cells, header, writtenAt);
  }

  /** Names that a header has by the file they stand in. */
  function headerOf(cells: readonly string[]): Header | undefined {
    const names = cells.map((cell) => cell.trim()).slice(0, COLUMNS_MAX);
    if (names.length < 2 || !isHeader(cells)) return undefined;
    const stepName = countsRows ? undefined : stepNameOf(names);
    if (stepName === undefined && !countsRows) return undefined;
    const step = stepName === undefined ? -1 : names.indexOf(stepName);
    const time = names.indexOf(timeNameOf(names) ?? '');
    const tags = names.flatMap((name, place) => {
      if (place === step || name === '') return [];
      return [[place, dvclive ? dvclive[2]! : name] as const];
    });
    return { cells, step, time, tags };
  }

  function row(cells: readonly string[], { step: stepAt, time, tags }: Header, writtenAt: number): void {
    const step = stepAt < 0 ? rows : cellNumber(cells[stepAt] ?? '');
    rows += 1;
    if (typeof step !== 'number' || !Number.isFinite(step)) {
      damaged += 1;
      return;
    }
    points.begin(step);
    const said = time < 0 ? undefined : cellNumber(cells[time] ?? '');
    const wallTime = typeof said === 'number' ? epochSeconds(said) : writtenAt;
    for (const [place, tag] of tags) {
      const value = cellNumber(cells[place] ?? '');
      if (value === null) continue;
      if (rows <= ROWS_JUDGED) judge(value);
      if (value !== undefined) points.push(tag, wallTime, value);
    }
  }

  function judge(value: number | undefined): void {
    filled += 1;
    if (value !== undefined) numeric += 1;
  }

  return {
    read: () => lines.read(),
    logged(): Logged<P>[] {
      const own = points.points();
      if (!header || numeric * 2 < filled || own.size === 0) return [];
      const stepName = header.step < 0 ? null : header.cells[header.step]!.trim();
      return [{ subRun: dvclive ? (dvclive[1] ?? '.') : folderOf(path), file: path, points: own, stepName }];
    },
    damaged: () => damaged + lines.damaged(),
    writtenAt: lines.writtenAt,
    isPartial: lines.isPartial,
    // Of a log that has no header yet nobody knows whether it is one of metrics.
    isForeign: () => header === null && !isNamedTable,
    problem() {
      const why = lines.problem() ?? problem;
      if (why !== null || !header) return why;
      if (numeric * 2 < filled) return 'most of its cells are no numbers';
      return header.cells.length > COLUMNS_MAX
        ? `has ${header.cells.length} columns; the first ${COLUMNS_MAX} are read`
        : null;
    },
  };
}

/** What is wrong with a line that should have been a header. */
function noTable(text: string): string {
  const cells = cellsOf(text, delimiterOf(text));
  return isHeader(cells) && cells.length > 1
    ? 'has no column that counts steps (step, epoch, iteration and the like)'
    : 'begins with no header';
}

/** Cells that are all names: a row has at least one number or gap. */
function isHeader(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() !== '' && cellNumber(cell) === undefined);
}

function delimiterOf(header: string): string {
  return [',', '\t', ';'].find((sign) => header.includes(sign)) ?? ',';
}

/** One line's cells; in double quotes a delimiter is text, and two of them are one. */
function cellsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] !== '"') {
      const end = line.indexOf(delimiter, at);
      cells.push(line.slice(at, end < 0 ? line.length : end));
      at = end < 0 ? line.length + 1 : end + 1;
      continue;
    }
    let end = line.indexOf('"', at + 1);
    while (end >= 0 && line[end + 1] === '"') end = line.indexOf('"', end + 2);
    if (end < 0) end = line.length;
    cells.push(line.slice(at + 1, end).replaceAll('""', '"'));
    const next = line.indexOf(delimiter, end);
    at = next < 0 ? line.length + 1 : next + 1;
  }
  return cells;
}
