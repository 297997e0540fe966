import type { ExperimentLogRow, ExperimentRow } from '../core/experiment.ts';
import type { Slices } from '../core/slices.ts';
import type { Db } from './db.ts';
import type { Session, StoredRow } from './experiment-rows.ts';

/** A state of a row that the file has held. */
export interface OlderState extends ExperimentLogRow {
  /** The copy of the file that it was read in; null for one that we had written. */
  copy: string | null;
}

/** A state of a row, as it is stored. */
interface StateText {
  fields: string;
  extra: string;
}

/** A row as it goes into the file. */
interface PageRow extends StateText {
  id: number;
  position: number;
  line: string;
  isBehind: number;
}

/** So many rows are read at once. */
const PAGE_ROWS = 200;
/** How long older states of rows are kept, to tell what a file that comes back late was made from: 30 days. */
const VERSIONS_KEPT_MS = 30 * 24 * 3_600_000;

/** What the file held of rows: what both sides last agreed on, and older states. `headerOf`: a CSV's first line. */
export function createExperimentVersions(db: Db, headerOf: (session: Session) => string) {
  const page = db.prepare<[number, number, number, number], PageRow>(
    `SELECT id, position, line, base IS NOT fields OR extra_base <> extra AS isBehind, fields, extra FROM experiments
     WHERE session = ? AND replaced = 0 AND (position, id) > (?, ?) ORDER BY position, id LIMIT ?`,
  );
  const keepVersion = db.prepare(
    `INSERT INTO experiment_versions (experiment, fields, extra, updated_at, superseded_at, copy)
     SELECT id, base, extra_base, json_extract(base, '$.updated_at'), @at, base_copy FROM experiments
     WHERE id = @id AND base IS NOT NULL AND (base <> @fields OR extra_base <> @extra)`,
  );
  const setBase = db.prepare(
    'UPDATE experiments SET base = @fields, extra_base = @extra, base_copy = @copy WHERE id = @id',
  );
  const versionsOfCopy = db.prepare<[number, string], StateText>(
    'SELECT fields, extra FROM experiment_versions WHERE experiment = ? AND updated_at = ? ORDER BY superseded_at DESC',
  );
  const versionsSince = db.prepare<[number, number], StateText & { copy: string | null }>(
    `SELECT fields, extra, copy FROM experiment_versions WHERE experiment = ? AND superseded_at >= ?
     ORDER BY superseded_at DESC, rowid DESC`,
  );
  const stoodSo = db
    .prepare<{ session: number; id: string; fields: string }, number>(
      `SELECT 1 FROM experiments e WHERE session = @session AND experiment_id = @id AND (
         base = @fields OR EXISTS (SELECT 1 FROM experiment_versions WHERE experiment = e.id AND fields = @fields)
       )`,
    )
    .pluck();
  const versionAt = db
    .prepare<[number, number], string>(
      'SELECT fields FROM experiment_versions WHERE experiment = ? AND superseded_at > ? ORDER BY superseded_at, rowid LIMIT 1',
    )
    .pluck();
  const forgetVersions = db.prepare('DELETE FROM experiment_versions WHERE superseded_at < ?');
  const scrub = db.prepare(
    'UPDATE experiment_versions SET fields = replace(fields, ?, ?) WHERE experiment = ?',
  );
  const row = (text: string): ExperimentRow => JSON.parse(text) as ExperimentRow;
  const state = ({ fields, extra }: StateText): ExperimentLogRow => ({
    fields: row(fields),
    extra: JSON.parse(extra) as Record<string, string>,
  });

  /** The rows in the order of the file; others may change between two pages. */
  function* pagesOf({ id: session }: Session): Generator<PageRow[], void, void> {
    for (let last: Pick<PageRow, 'position' | 'id'> | undefined = { position: -1, id: -1 }; last; ) {
      const rows = page.all(session, last.position, last.id, PAGE_ROWS);
      yield rows;
      last = rows.at(-1);
    }
  }

  return {
    /** What the rows hold, in the order of the file, so many at once. */
    *pages(session: Session): Generator<ExperimentLogRow[], void, void> {
      for (const rows of pagesOf(session)) yield rows.map(state);
    },
    /**
     * The session's CSV, and what to do once exactly this text is in the file: both sides then agree on it, whatever has
     * changed here since. A row is read at one moment, and others may change between two slices.
     */
    *snapshot(session: Session): Slices<{ text: string; agree(now: number): Slices<void> }> {
      const changed: Pick<PageRow, 'id' | 'fields' | 'extra'>[] = [];
      let text = headerOf(session);
      for (const rows of pagesOf(session)) {
        for (const { id, line, isBehind, fields, extra } of rows) {
          text += line;
          if (isBehind) changed.push({ id, fields, extra });
        }
        yield;
      }
      return { text, agree };

      function* agree(at: number): Slices<void> {
        for (const { id, fields, extra } of changed) {
          keepVersion.run({ id, fields, extra, at });
          setBase.run({ id, fields, extra, copy: null });
          yield;
        }
        if (changed.length > 0) forgetVersions.run(at - VERSIONS_KEPT_MS);
      }
    },
    /** The file holds this as the row, and we have read it, in this copy, at this time (epoch ms). */
    setBase({ id }: StoredRow, row: ExperimentLogRow, at: number, copy: string): void {
      const texts = { id, fields: JSON.stringify(row.fields), extra: JSON.stringify(row.extra) };
      keepVersion.run({ ...texts, at });
      setBase.run({ ...texts, copy });
    },
    /** Whether the file has, or had, exactly this as a row. */
    stoodSo: ({ id: session }: Session, fields: ExperimentRow): boolean =>
      stoodSo.get({ session, id: fields.experiment_id, fields: JSON.stringify(fields) }) !== undefined,
    /** Older states of a row that had this `updated_at` in the file. */
    versionsOfCopy: ({ id }: StoredRow, updatedAt: string) => versionsOfCopy.all(id, updatedAt).map(state),
    /** Older states of a row that stood in the file until after this time (epoch ms), the latest first. */
    versionsSince: ({ id }: StoredRow, time: number): OlderState[] =>
      versionsSince.all(id, time).map((each) => ({ ...state(each), copy: each.copy })),
    /** The row as the file held it at a time (epoch ms, within the last 30 days); null before it was there. */
    stateAt({ id, base }: StoredRow, time: number): ExperimentRow | null {
      const fields = versionAt.get(id, time);
      return fields === undefined ? base : row(fields);
    },
    /** Takes a text out of the older states of a row. */
    scrub({ id }: StoredRow, text: string, instead: string): void {
      scrub.run(JSON.stringify(text).slice(1, -1), JSON.stringify(instead).slice(1, -1), id);
    },
  };
}
