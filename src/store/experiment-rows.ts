import type { ExperimentLogRow, ExperimentRow } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import type { Db } from './db.ts';
import type { Session as WholeSession } from './sessions.ts';

/** All that rows need to know of theirs. */
export type Session = Pick<WholeSession, 'id'>;

export interface StoredRow extends ExperimentLogRow {
  id: number;
  /** The session's number. */
  session: number;
  job: JobKey | null;
  /** The row as the file and the database last agreed on it; null before they did. */
  base: ExperimentRow | null;
  /** What stood in columns that somebody added, then. */
  extraBase: Record<string, string>;
  /** The copy of the file that this state was read in, by `copyOf`; null for one that we have written. */
  baseCopy: string | null;
  /** A planned row has taken its place: it is in no list and no file, but known, should a file still hold it. */
  replaced: boolean;
}

/** What a comparison with a file needs of a row, as it is stored. */
export interface RowText {
  base: string | null;
  extra: string;
}

/** A row as it stands in the table. */
export interface Row extends RowText {
  id: number;
  experiment_id: string;
  replaced: number;
  extra_base: string;
  base_copy: string | null;
  session: number;
  queue: string | null;
  job_id: string | null;
  enqueued_at: number | null;
  fields: string;
}

const COLUMNS =
  'id, session, experiment_id, queue, job_id, enqueued_at, fields, extra, base, extra_base, base_copy, replaced';

/** Prepares a query for whole rows. */
export function rowsWhere<P extends unknown[]>(db: Db, where: string) {
  return db.prepare<P, Row>(`SELECT ${COLUMNS} FROM experiments WHERE ${where}`);
}

/** A row as the rest of the house has it. */
export const stored = (row: Row): StoredRow => ({
  id: row.id,
  session: row.session,
  job: row.queue === null ? null : { queue: row.queue, jobId: row.job_id!, enqueuedAt: row.enqueued_at! },
  fields: JSON.parse(row.fields) as ExperimentRow,
  extra: JSON.parse(row.extra) as Record<string, string>,
  base: row.base === null ? null : (JSON.parse(row.base) as ExperimentRow),
  extraBase: JSON.parse(row.extra_base) as Record<string, string>,
  baseCopy: row.base_copy,
  replaced: row.replaced === 1,
});
