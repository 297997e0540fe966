import type { ExperimentRow } from '../core/experiment.ts';
import type { RowText } from '../store/experiment-rows.ts';
import type { NamedRow } from './row-ids.ts';

/** Ids of rows that stood in the file and are not among these. */
export function missingIds(inFile: readonly string[], ids: readonly (string | undefined)[]): string[] {
  const there = new Set(ids);
  return inFile.filter((id) => !there.has(id));
}

/**
 * Where a file ends in the middle of a line, its last cell may be half a text: when it is the beginning of what stood
 * there, nothing is known of that cell.
 */
export function dropCutCell(rows: NamedRow[], known: ReadonlyMap<string, RowText>): void {
  const last = rows.at(-1);
  if (!last || Object.keys(last.extra).length > 0) return;
  const column = Object.keys(last.fields).at(-1) as keyof ExperimentRow;
  const cell = last.fields[column] ?? '';
  if (column === 'experiment_id') {
    if ([...known.keys()].some((id) => id !== cell && id.startsWith(cell))) rows.pop();
    return;
  }
  const base = known.get(last.fields.experiment_id)?.base;
  if (base && (JSON.parse(base) as ExperimentRow)[column].startsWith(cell)) delete last.fields[column];
}
