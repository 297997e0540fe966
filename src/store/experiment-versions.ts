import { randomUUID } from 'node:crypto';
import type { ExperimentLogRow, ExperimentRow } from '../core/experiment.ts';
import type { Slices } from '../core/slices.ts';
import type { Db } from './db.ts';
import { type After, IN_ORDER, PAGE_AFTER, type Placed, pagesOf } from './experiment-pages.ts';
import { BASE, fieldsIn, fieldsText, LINE, type Session, type StoredRow, textIn } from './experiment-rows.ts';

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
interface LineRow extends Placed {
  line: string;
  isBehind: number;
}

/** What a session's rows are as a file. */
export interface LogSnapshot {
  /** The file's text, in pieces. */
  pieces: Buffer[];
  /**
   * To be done once exactly this text is in the file, which has that digest from then on: both sides agree on it, whatever
   * has changed here since.
   */
  agree(now: number, digest: string): Slices<void>;
}

/** What stands for the file's digest from a snapshot until it is in the file. */
const UNCHANGED = 'unchanged since ';
/** How long older states of rows are kept, to tell what a file that comes back late was made from: 30 days. */
const VERSIONS_KEPT_MS = 30 * 24 * 3_600_000;

/** What the file held of rows: what both sides last agreed on, and older states. `headerOf`: a CSV's first line. */
export function createExperimentVersions(db: Db, headerOf: (session: Session) => string) {
  const linesAfter = db.prepare<After, LineRow>(
    `SELECT e.position, e.id, ${LINE} AS line, ${BASE} IS NOT fields OR extra_base <> extra AS isBehind FROM experiments e
     WHERE ${PAGE_AFTER} ${IN_ORDER}`,
  );
  const statesAfter = db.prepare<After, Placed & StateText>(
    `SELECT e.position, e.id, e.fields, e.extra FROM experiments e WHERE ${PAGE_AFTER} ${IN_ORDER}`,
  );
  const stateOf = db.prepare<[number], StateText>('SELECT fields, extra FROM experiments WHERE id = ?');
  const fileOf = db.prepare<[number], { digest: string | null; bytes: number }>(
    `SELECT iif(log_digest LIKE '${UNCHANGED}%', NULL, log_digest) AS digest, log_bytes AS bytes FROM sessions WHERE id = ?`,
  );
  const setDigest = db.prepare('UPDATE sessions SET log_digest = ? WHERE id = ?');
  const setFile = db.prepare(
    'UPDATE sessions SET log_digest = iif(log_digest = ?, ?, NULL), log_bytes = ? WHERE id = ?',
  );
  const keepVersion = db.prepare(
    `INSERT INTO experiment_versions (experiment, fields, extra, updated_at, superseded_at, copy)
     SELECT id, ${BASE}, extra_base, ${textIn('updated_at', BASE)}, @at, base_copy FROM experiments
     WHERE id = @id AND base IS NOT NULL AND (${BASE} <> @fields OR extra_base <> @extra)`,
  );
  const setBase = db.prepare(
    `UPDATE experiments SET base = CASE fields WHEN @fields THEN '' ELSE @fields END, extra_base = @extra, base_copy = @copy
     WHERE id = @id`,
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
         ${BASE} = @fields OR EXISTS (SELECT 1 FROM experiment_versions WHERE experiment = e.id AND fields = @fields)
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
  const state = ({ fields, extra }: StateText): ExperimentLogRow => ({
    fields: fieldsIn(fields),
    extra: JSON.parse(extra) as Record<string, string>,
  });

  return {
    /** What the rows hold, in the order of the file, so many at once. */
    *pages(session: Session): Generator<ExperimentLogRow[], void, void> {
      for (const rows of pagesOf(statesAfter, session)) yield rows.map(state);
    },
    /** The session's CSV. A row is read at one moment, and others may change between two slices. */
    *snapshot(session: Session): Slices<LogSnapshot> {
      // Any change of a row from now on takes this away again.
      const unchanged = UNCHANGED + randomUUID();
      setDigest.run(unchanged, session.id);
      const changed: ({ id: number } & StateText)[] = [];
      const pieces = [Buffer.from(headerOf(session))];
      for (const rows of pagesOf(linesAfter, session)) {
        pieces.push(Buffer.from(rows.map(({ line }) => line).join('')));
        for (const { id, isBehind } of rows) if (isBehind) changed.push({ id, ...stateOf.get(id)! });
        yield;
      }
      return { pieces, agree };

      function* agree(at: number, digest: string): Slices<void> {
        for (const { id, fields, extra } of changed) {
          keepVersion.run({ id, fields, extra, at });
          setBase.run({ id, fields, extra, copy: null });
          yield;
        }
        if (changed.length > 0) forgetVersions.run(at - VERSIONS_KEPT_MS);
        const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
        setFile.run(unchanged, digest, bytes, session.id);
      }
    },
    /**
     * The digest of the file that says exactly what the rows say; null where none is known to. `bytes`: how large it was
     * when both sides last agreed.
     */
    file: ({ id }: Session) => fileOf.get(id) ?? { digest: null, bytes: 0 },
    /** Nothing is known of the file from now on. */
    forgetFile: ({ id }: Session) => void setDigest.run(null, id),
    /** The file holds this as the row, and we have read it, in this copy, at this time (epoch ms). */
    setBase({ id }: Pick<StoredRow, 'id'>, row: ExperimentLogRow, at: number, copy: string): void {
      const texts = { id, fields: fieldsText(row.fields), extra: JSON.stringify(row.extra) };
      keepVersion.run({ ...texts, at });
      setBase.run({ ...texts, copy });
    },
    /** Whether the file has, or had, exactly this as a row. */
    stoodSo: ({ id: session }: Session, fields: ExperimentRow): boolean =>
      stoodSo.get({ session, id: fields.experiment_id, fields: fieldsText(fields) }) !== undefined,
    /** Older states of a row that had this `updated_at` in the file. */
    versionsOfCopy: ({ id }: StoredRow, updatedAt: string) => versionsOfCopy.all(id, updatedAt).map(state),
    /** Older states of a row that stood in the file until after this time (epoch ms), the latest first. */
    versionsSince: ({ id }: StoredRow, time: number): OlderState[] =>
      versionsSince.all(id, time).map((each) => ({ ...state(each), copy: each.copy })),
    /** The row as the file held it at a time (epoch ms, within the last 30 days); null before it was there. */
    stateAt({ id, base }: StoredRow, time: number): ExperimentRow | null {
      const fields = versionAt.get(id, time);
      return fields === undefined ? base : fieldsIn(fields);
    },
    /** Takes a text out of the older states of a row. */
    scrub({ id }: StoredRow, text: string, instead: string): void {
      scrub.run(JSON.stringify(text).slice(1, -1), JSON.stringify(instead).slice(1, -1), id);
    },
  };
}
