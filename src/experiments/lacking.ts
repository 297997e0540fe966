import type { ExperimentRow } from '../core/experiment.ts';
import { type Slices, setOf, those } from '../core/slices.ts';
import { fieldsIn } from '../store/experiment-rows.ts';
import type { KnownRows } from '../store/experiment-texts.ts';
import type { DiskRow } from './csv.ts';
import type { NamedRow } from './row-ids.ts';

/** Ids of rows that stood in the file and are not among these. */
export function* missingIds(inFile: readonly string[], rows: Iterable<DiskRow>): Slices<string[]> {
  const there = yield* setOf(rows, ({ fields }) => fields.experiment_id);
  return yield* those(inFile, (id) => !there.has(id));
}

/**
 * Where a file ends in the middle of a line, its last cell may be half a text: when it is the beginning of what stood
 * there, nothing is known of that cell.
 */
export function* dropCutCell(rows: NamedRow[], known: KnownRows): Slices<void> {
  const last = rows.at(-1);
  if (!last || Object.keys(last.extra).length > 0) return;
  const column = Object.keys(last.fields).at(-1) as keyof ExperimentRow;
  const cell = last.fields[column] ?? '';
  if (column === 'experiment_id') {
    for (const id of known.ids()) {
      yield;
      if (id !== cell && id.startsWith(cell)) return void rows.pop();
    }
    return;
  }
  const base = known.text(last.fields.experiment_id)?.base;
  if (base && fieldsIn(base)[column].startsWith(cell)) delete last.fields[column];
}
