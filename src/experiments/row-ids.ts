import { experimentRow } from '../core/experiment.ts';
import type { RowText, Session } from '../store/experiment-rows.ts';
import type { ExperimentStore } from '../store/experiments.ts';
import type { DiskRow } from './csv.ts';

export type NamedRow = DiskRow & { fields: { experiment_id: string } };

/**
 * A file's rows with an id of their own each. A second row of an id is kept beside the first, unless it is a mere copy or
 * of another log in the file, and one without an id under a made name; a file that still holds such a row, read again,
 * means the row that was made.
 */
export function withIds(
  disk: readonly DiskRow[],
  known: ReadonlyMap<string, RowText>,
  place: { store: Pick<ExperimentStore, 'stoodSo'>; session: Session },
  notices: string[],
): NamedRow[] {
  const inFile = new Set(disk.map(({ fields }) => fields.experiment_id));
  let given = new Map<string, string>();
  let part = disk[0]?.part;
  const rows: NamedRow[] = [];
  for (const row of disk) {
    const { fields, extra } = row;
    if (row.part !== part) given = new Map();
    part = row.part;
    const wanted = fields.experiment_id ?? '';
    const text = JSON.stringify([fields, extra]);
    if (wanted !== '' && given.get(wanted) === text) continue;
    let id = wanted;
    if (wanted === '' || given.has(wanted)) {
      id = nameFor(wanted, (name) => {
        if (inFile.has(name)) return false;
        if (!known.has(name)) return true;
        return place.store.stoodSo(place.session, experimentRow({ ...fields, experiment_id: name }));
      });
      inFile.add(id);
      const why = wanted === '' ? 'A row without an id' : `A second row named ${wanted}`;
      if (!known.has(id)) notices.push(`${why} was in the experiment log; it is kept as ${id}.`);
    }
    given.set(id, text);
    rows.push({ ...row, fields: { ...fields, experiment_id: id } });
  }
  return rows;
}

/** The first name that may be taken. */
function nameFor(wanted: string, mayBe: (name: string) => boolean): string {
  for (let count = 1; ; count += 1) {
    const name = wanted === '' ? `unnamed-${count}` : `${wanted}~${count + 1}`;
    if (mayBe(name)) return name;
  }
}
