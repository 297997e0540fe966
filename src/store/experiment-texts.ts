import type { Slices } from '../core/slices.ts';
import type { Db } from './db.ts';
import type { RowText, Session } from './experiment-rows.ts';

/** So many rows are read at once of all that a session has. */
const PAGE = 500;

/** What a comparison with the file on disk needs of a session's rows, however many there are. */
export function createExperimentTexts(db: Db) {
  const page = db.prepare<[number, string, number], RowText>(
    `SELECT experiment_id, base, extra, replaced FROM experiments WHERE session = ? AND experiment_id > ?
     ORDER BY experiment_id LIMIT ?`,
  );
  const idsInFile = db
    .prepare<[number], string>(
      'SELECT experiment_id FROM experiments WHERE session = ? AND base IS NOT NULL AND replaced = 0 ORDER BY position',
    )
    .pluck();

  return {
    /** Every row, replaced ones too, by id. */
    *texts({ id }: Session): Slices<Map<string, RowText>> {
      const found = new Map<string, RowText>();
      for (let last: string | undefined = ''; last !== undefined; ) {
        const rows = page.all(id, last, PAGE);
        for (const row of rows) found.set(row.experiment_id, row);
        last = rows.at(-1)?.experiment_id;
        yield;
      }
      return found;
    },
    /** Ids of the rows that stood in the file, in its order. */
    idsInFile: ({ id }: Session): string[] => idsInFile.all(id),
  };
}
