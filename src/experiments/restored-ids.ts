import { EXPERIMENT_COLUMNS, type ExperimentRow } from '../core/experiment.ts';
import { type Slices, setOf, those } from '../core/slices.ts';
import { fieldsIn } from '../store/experiment-rows.ts';
import type { KnownRows } from '../store/experiment-texts.ts';
import type { DiskRow } from './csv.ts';
import { isErrorValue, isRewriting, keysOfRewriting, keysOfStored } from './rewriting.ts';

/** So many rows that the file lacks are compared with one whose id is gone, and so many that have one id in the file. */
const COMPARED = 500;

/** What a row of any experiment may say alike: it tells none from another. */
const COMMON: ReadonlySet<string> = new Set([
  'experiment_id',
  'status',
  'objective_metric',
  'objective_mode',
  'owner',
]);

/**
 * Rows with the ids that a spreadsheet has rewritten (`3e-4` to `3.00E-04`, `1-2` to `2-Jan`, `007` to `7`) as they were,
 * also where they are named as parents. A row is a known one that the file lacks when its id is what a spreadsheet makes
 * of that one's, and its other cells speak for it.
 */
export function* withRestoredIds(rows: readonly DiskRow[], known: KnownRows): Slices<DiskRow[]> {
  const inFile = yield* setOf(rows, ({ fields }) => fields.experiment_id ?? '');
  const lacking = yield* those(known.ids(), (id) => known.isInFile(id) && !inFile.has(id));
  const idsLike = yield* lookup(lacking);
  const parsed = new Map<string, ExperimentRow>();
  const baseOf = (id: string): ExperimentRow => {
    const found = parsed.get(id) ?? fieldsIn(known.text(id)!.base!);
    parsed.set(id, found);
    return found;
  };
  const restored = lacking.length === 0 ? [...rows] : yield* restoredIds(rows);
  return yield* withParents(restored, known, rows);

  function* restoredIds(all: readonly DiskRow[]): Slices<DiskRow[]> {
    const byPart = yield* grouped(all, ({ part }) => part);
    const ids = new Map<DiskRow, string>();
    for (const ofPart of byPart.values()) {
      const byId = yield* grouped(ofPart, ({ fields }) => fields.experiment_id ?? '');
      const taken = new Set<string>();
      for (const [id, same] of byId) {
        yield;
        const isKnown = known.has(id);
        if (isKnown && same.length === 1) continue;
        const alike = idsLike(id);
        const candidates = [...(isKnown && known.text(id)!.base !== null ? [id] : []), ...alike];
        // An id that is gone, or a formula's error, says nothing: then all the other cells must.
        const isGone = id === '' || isErrorValue(id);
        if (isGone) candidates.push(...lacking.slice(0, COMPARED).filter((each) => !alike.includes(each)));
        if (candidates.length === (isKnown ? 1 : 0)) continue;
        for (const [row, experimentId] of yield* matches(same.slice(0, COMPARED), candidates, taken, isGone))
          ids.set(row, experimentId);
      }
    }
    return all.map((row) => withId(row, ids.get(row)));
  }

  /** Which row is which, the likeliest pair first. */
  function* matches(
    same: readonly DiskRow[],
    candidates: readonly string[],
    taken: Set<string>,
    isGone: boolean,
  ): Slices<Map<DiskRow, string>> {
    const pairs: { row: DiskRow; id: string; likeness: number; order: number }[] = [];
    for (const [order, row] of same.entries())
      for (const id of candidates) {
        const { alike, other } = likenessOf(row, baseOf(id));
        const isLike = isGone ? alike > 0 && other === 0 : alike > 0 || other === 0;
        if (!taken.has(id) && isLike) pairs.push({ row, id, likeness: alike - other, order });
        yield;
      }
    pairs.sort((a, b) => b.likeness - a.likeness || a.order - b.order);
    const found = new Map<DiskRow, string>();
    for (const { row, id } of pairs)
      if (!found.has(row) && !taken.has(id)) {
        found.set(row, id);
        taken.add(id);
      }
    return found;
  }
}

/** Parents as they are called, where a text is no id of the log but what a spreadsheet makes of one. */
function* withParents(rows: DiskRow[], known: KnownRows, before: readonly DiskRow[]): Slices<DiskRow[]> {
  const ids = yield* setOf(rows, ({ fields }) => fields.experiment_id ?? '');
  const isId = (id: string) => ids.has(id) || known.has(id);
  const isOdd = ({ fields }: DiskRow) =>
    (fields.parent_experiment_id ?? '') !== '' && !isId(fields.parent_experiment_id!);
  if ((yield* those(rows, isOdd)).length === 0) return rows;
  const renamed = new Map<string, string>();
  for (const [index, row] of before.entries()) {
    const [was, is] = [row.fields.experiment_id ?? '', rows[index]!.fields.experiment_id ?? ''];
    if (was !== is) renamed.set(was, is);
    yield;
  }
  for (const id of known.ids()) {
    ids.add(id);
    yield;
  }
  ids.delete('');
  const idsLike = yield* lookup(ids);
  const named: DiskRow[] = [];
  for (const row of rows) {
    named.push(isOdd(row) ? withParent(row) : row);
    yield;
  }
  return named;

  function withParent(row: DiskRow): DiskRow {
    const text = row.fields.parent_experiment_id!;
    const [like, ...others] = idsLike(text);
    const parent = renamed.get(text) ?? (others.length === 0 ? like : undefined);
    return parent === undefined ? row : { ...row, fields: { ...row.fields, parent_experiment_id: parent } };
  }
}

function* grouped<K>(rows: readonly DiskRow[], keyOf: (row: DiskRow) => K): Slices<Map<K, DiskRow[]>> {
  const groups = new Map<K, DiskRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
    yield;
  }
  return groups;
}

/** Finds the ids that a text may be the rewriting of. */
function* lookup(ids: Iterable<string>): Slices<(text: string) => string[]> {
  const byKey = new Map<string, string[]>();
  for (const id of ids) {
    yield;
    for (const key of keysOfStored(id)) {
      const same = byKey.get(key);
      if (same && same.length < COMPARED) same.push(id);
      else if (!same) byKey.set(key, [id]);
    }
  }
  return (text) => {
    const near = new Set(keysOfRewriting(text).flatMap((key) => byKey.get(key) ?? []));
    return [...near].filter((id) => isRewriting(id, text));
  };
}

/** How many of a row's own cells are as a known one's, and how many are not. */
function likenessOf({ fields }: DiskRow, base: ExperimentRow): { alike: number; other: number } {
  let alike = 0;
  let other = 0;
  for (const column of EXPERIMENT_COLUMNS) {
    const cell = fields[column];
    if (COMMON.has(column) || cell === undefined || (base[column] === '' && cell === '')) continue;
    if (isRewriting(base[column], cell)) alike += 1;
    else other += 1;
  }
  return { alike, other };
}

function withId(row: DiskRow, id: string | undefined): DiskRow {
  if (id === undefined || id === row.fields.experiment_id) return row;
  return { ...row, fields: { ...row.fields, experiment_id: id } };
}
