import {
  EXPERIMENT_COLUMNS,
  type ExperimentColumn,
  type ExperimentLogRow,
  type ExperimentRow,
} from '../core/experiment.ts';
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

/** SQL: what stands in a column of the log, of a row's texts. */
export const textIn = (column: ExperimentColumn, fields = 'fields') =>
  `json_extract(${fields}, '$[${EXPERIMENT_COLUMNS.indexOf(column)}]')`;

/** SQL: a row's texts as the file and the database last agreed on them. Where they are its present ones, they stand once. */
export const BASE = `CASE base WHEN '' THEN fields ELSE base END`;

/** SQL: a row's texts with commas between them, which is its line in the file where none of them has to be quoted. */
const PLAIN_LINE = `replace(substr(fields, 3, length(fields) - 4), '","', ',') || char(13, 10)`;

/** SQL: a row's line in the file; it is kept where it is another one. */
export const LINE = `CASE line WHEN '' THEN ${PLAIN_LINE} ELSE line END`;

/** SQL: a line as it is kept with texts. */
export const keptLine = (line: string, fields: string) =>
  `CASE ${line} WHEN ${PLAIN_LINE.replaceAll('fields', fields)} THEN '' ELSE ${line} END`;

/** A row's texts as they are stored: a list in the order of the columns. What is missing in the row is in no stored one. */
export function fieldsText(fields: Partial<ExperimentRow>): string {
  return JSON.stringify(EXPERIMENT_COLUMNS.map((column) => fields[column]));
}

/** The row of stored texts. */
export function fieldsIn(text: string): ExperimentRow {
  const texts = JSON.parse(text) as string[];
  const row: Partial<ExperimentRow> = {};
  for (let index = 0; index < EXPERIMENT_COLUMNS.length; index += 1)
    row[EXPERIMENT_COLUMNS[index]!] = texts[index]!;
  return row as ExperimentRow;
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

const COLUMNS = `id, session, experiment_id, queue, job_id, enqueued_at, fields, extra, ${BASE} AS base, extra_base, base_copy, replaced`;

/** Prepares a query for whole rows. */
export function rowsWhere<P extends unknown[]>(db: Db, where: string) {
  return db.prepare<P, Row>(`SELECT ${COLUMNS} FROM experiments WHERE ${where}`);
}

/** A row as the rest of the house has it. */
export const stored = (row: Row): StoredRow => ({
  id: row.id,
  session: row.session,
  job: row.queue === null ? null : { queue: row.queue, jobId: row.job_id!, enqueuedAt: row.enqueued_at! },
  fields: fieldsIn(row.fields),
  extra: JSON.parse(row.extra) as Record<string, string>,
  base: row.base === null ? null : fieldsIn(row.base),
  extraBase: JSON.parse(row.extra_base) as Record<string, string>,
  baseCopy: row.base_copy,
  replaced: row.replaced === 1,
});
