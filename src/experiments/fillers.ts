import type { ExperimentColumn, ExperimentRow } from '../core/experiment.ts';
import type { Slices } from '../core/slices.ts';
import type { DiskRow } from './csv.ts';
import { isNotAvailable } from './rewriting.ts';

/** Words that only a program writes where nothing stands. */
const MACHINE_WORDS: ReadonlySet<string> = new Set(['nan', 'NaN', 'NaT', '<NA>']);
/** What else people fill empty cells with, or let a program (pandas' `fillna`). */
const FILLS: ReadonlySet<string> = new Set(['0', '0.0', '-1', '-1.0', '-', '–', '—']);
const LONGEST_FILL = 8;
/** So many cells of a row or of a column are filled alike before that is taken for filling. */
const FILLED_IN_ROW = 3;
/** The same for a word that people write otherwise too (`missing`). */
const ANY_FILLED_IN_ROW = 6;
const FILLED_IN_COLUMN = 2;

/**
 * Rows without the words that a program put where nothing stood (`na_rep="N/A"`, `fillna(0)`): where a row or a column
 * has no empty cell at all, and the same word in many that were empty. `storedOf` an id: what the row says otherwise.
 */
export function* withoutFillers<R extends DiskRow>(
  rows: readonly R[],
  storedOf: (id: string) => Partial<ExperimentRow> | undefined,
): Slices<R[]> {
  const columns = yield* filledColumns(rows);
  const certain = yield* certainFills(rows, columns, storedOf);
  const filled: R[] = [];
  for (const row of rows) {
    filled.push(withoutFill(row));
    yield;
  }
  return filled;

  function withoutFill(row: R): R {
    const ofRow = fillOfRow(row);
    if (ofRow === undefined && !hasFill(row)) return row;
    const isSuspect = (name: string, cell: string) =>
      (MACHINE_WORDS.has(cell) && name !== 'objective_value') || cell === ofRow || cell === certain.get(name);
    const names = Object.entries(row.fields).filter(([name, cell]) => cell !== '' && isSuspect(name, cell));
    const added = Object.entries(row.extra).filter(([name, cell]) => isSuspect(name, cell));
    if (names.length === 0 && added.length === 0) return row;
    const stored = storedOf(row.fields.experiment_id ?? '');
    const fields = { ...row.fields };
    for (const [name, cell] of names) {
      const was = stored?.[name as ExperimentColumn] ?? '';
      if (name === 'experiment_id' || was === cell) continue;
      // A copy may be of a time when nothing stood where something stands now.
      if (isBlank(was) || isNotAvailable(cell)) fields[name as ExperimentColumn] = isBlank(was) ? was : '';
    }
    const extra = Object.fromEntries(
      Object.entries(row.extra).filter(([name]) => !added.some(([each]) => each === name)),
    );
    return { ...row, fields, extra };
  }
}

function hasFill({ fields, extra }: DiskRow): boolean {
  for (const name in fields) if (isFill(fields[name as ExperimentColumn]!)) return true;
  return Object.values(extra).some(isFill);
}

/** The word that fills a row's empty cells; undefined where some are empty. */
function fillOfRow({ fields }: DiskRow): string | undefined {
  const cells = Object.values(fields);
  if (cells.includes('')) return undefined;
  const counts = new Map<string, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  for (const [cell, count] of counts)
    if (count >= (isFill(cell) ? FILLED_IN_ROW : ANY_FILLED_IN_ROW)) return cell;
  return undefined;
}

/** Columns in which no cell is empty and several hold the same fill, with it. */
function* filledColumns(rows: readonly DiskRow[]): Slices<Map<string, string>> {
  const counts = new Map<string, Map<string, number>>();
  const withBlanks = new Set<string>();
  for (const { fields } of rows) {
    yield;
    for (const name in fields) {
      const cell = fields[name as ExperimentColumn]!;
      if (cell === '') withBlanks.add(name);
      else if (!withBlanks.has(name) && isFill(cell)) {
        const ofColumn = counts.get(name) ?? new Map<string, number>();
        ofColumn.set(cell, (ofColumn.get(cell) ?? 0) + 1);
        counts.set(name, ofColumn);
      }
    }
  }
  const filled = [...counts].filter(([name]) => !withBlanks.has(name));
  return new Map(
    filled.flatMap(([name, ofColumn]): [string, string][] => {
      const [most, count] = [...ofColumn].reduce((a, b) => (b[1] > a[1] ? b : a));
      return count >= FILLED_IN_COLUMN ? [[name, most]] : [];
    }),
  );
}

/** Those of which the database knows that several of the filled cells were empty. */
function* certainFills(
  rows: readonly DiskRow[],
  columns: ReadonlyMap<string, string>,
  storedOf: (id: string) => Partial<ExperimentRow> | undefined,
): Slices<Map<string, string>> {
  if (columns.size === 0) return new Map();
  const wereEmpty = new Map<string, number>();
  for (const { fields } of rows) {
    yield;
    const filled = [...columns].filter(([name, fill]) => fields[name as ExperimentColumn] === fill);
    const stored = filled.length > 0 ? storedOf(fields.experiment_id ?? '') : undefined;
    for (const [name] of filled)
      if (stored && isBlank(stored[name as ExperimentColumn] ?? ''))
        wereEmpty.set(name, (wereEmpty.get(name) ?? 0) + 1);
  }
  return new Map([...columns].filter(([name]) => (wereEmpty.get(name) ?? 0) >= FILLED_IN_COLUMN));
}

function isFill(cell: string): boolean {
  return cell !== '' && cell.length <= LONGEST_FILL && (FILLS.has(cell) || isNotAvailable(cell));
}

function isBlank(stored: string): boolean {
  return stored === '' || isNotAvailable(stored);
}
