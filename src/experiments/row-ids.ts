import { experimentRow } from '../core/experiment.ts';
import { type Slices, setOf } from '../core/slices.ts';
import type { Session } from '../store/experiment-rows.ts';
import type { KnownRows } from '../store/experiment-texts.ts';
import type { ExperimentStore } from '../store/experiments.ts';
import type { DiskRow } from './csv.ts';

/** So many rows that were made before are compared with one that has no name of its own. */
const TRIED = 500;

export type NamedRow = DiskRow & { fields: { experiment_id: string } };

/**
 * A file's rows with an id of their own each. A second row of an id is kept beside the first, unless it is a mere copy or
 * of another log in the file, and one without an id under a made name; a file that still holds such a row, read again,
 * means the row that was made.
 */
export function* withIds(
  disk: readonly DiskRow[],
  known: KnownRows,
  place: { store: Pick<ExperimentStore, 'stoodSo'>; session: Session },
  notices: string[],
): Slices<NamedRow[]> {
  const inFile = yield* setOf(disk, ({ fields }) => fields.experiment_id);
  let given = new Map<string, DiskRow>();
  let part = disk[0]?.part;
  const rows: NamedRow[] = [];
  const firsts = new Map<string, number>();
  for (const row of disk) {
    yield;
    const { fields } = row;
    if (row.part !== part) given = new Map();
    part = row.part;
    const wanted = fields.experiment_id ?? '';
    const first = given.get(wanted);
    if (wanted !== '' && first && isCopy(row, first)) continue;
    let id = wanted;
    if (wanted === '' || first) {
      id = yield* nameFor(wanted, fields);
      inFile.add(id);
      const why = wanted === '' ? 'A row without an id' : `A second row named ${wanted}`;
      if (!known.has(id)) notices.push(`${why} was in the experiment log; it is kept as ${id}.`);
    }
    given.set(id, row);
    rows.push(id === wanted ? (row as NamedRow) : { ...row, fields: { ...fields, experiment_id: id } });
  }
  return rows;

  /** The first name that may be taken: one that is free, or of the row that was made of this one before. */
  function* nameFor(wanted: string, fields: DiskRow['fields']): Slices<string> {
    const nameOf = (count: number) => (wanted === '' ? `unnamed-${count}` : `${wanted}~${count + 1}`);
    let first = firsts.get(wanted) ?? 1;
    while (inFile.has(nameOf(first))) first += 1;
    firsts.set(wanted, first);
    for (let count = first; ; count += 1) {
      yield;
      const name = nameOf(count);
      if (inFile.has(name)) continue;
      if (!known.has(name)) return name;
      const isTried = count - first < TRIED;
      if (isTried && place.store.stoodSo(place.session, experimentRow({ ...fields, experiment_id: name })))
        return name;
    }
  }
}

/** Whether two rows hold the same. */
function isCopy(a: DiskRow, b: DiskRow): boolean {
  return JSON.stringify([a.fields, a.extra]) === JSON.stringify([b.fields, b.extra]);
}
