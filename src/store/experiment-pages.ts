import type { ExperimentRow, LaunchedRow } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import type { Db } from './db.ts';
import { fieldsIn, type Row, type Session, textIn } from './experiment-rows.ts';

/** So many rows are read at once of all that a session has: two milliseconds' work. */
const PAGE_ROWS = 200;

/** Behind every time that the log may hold, as text. */
export const LAST_TIME = '~';
/** Behind every row of a session. */
const END = { position: Number.MAX_SAFE_INTEGER, id: 0 };

/** Where a row stands in its file. */
export interface Placed {
  position: number;
  id: number;
}

/** Behind which place of a session's file, and how many. */
export type After = [session: number, position: number, id: number, limit: number];

/** What a query for a page ends with, of the table `experiments AS e`. */
export const PAGE_AFTER = 'e.session = ? AND e.replaced = 0 AND (e.position, e.id) > (?, ?)';
export const IN_ORDER = 'ORDER BY e.position, e.id LIMIT ?';

/** All that such a query finds, page by page in the order of the file. Rows may change between two pages. */
export function* pagesOf<R extends Placed>(
  rowsAfter: { all(...after: After): R[] },
  { id: session }: Session,
): Generator<R[], void, void> {
  for (let last: Placed | undefined = { position: -1, id: -1 }; last; ) {
    const rows: R[] = rowsAfter.all(session, last.position, last.id, PAGE_ROWS);
    yield rows;
    last = rows.at(-1);
  }
}

type Text = Placed & Pick<Row, 'fields'>;
type Timed = Pick<Row, 'id' | 'fields'> & { at: string };
type Since = { session: number; at: string; id: number };
type Job = Pick<Row, 'queue' | 'job_id' | 'enqueued_at'>;
type LaunchedText = Text & Job & { preset: string | null; assignments: string | null };

/** Rows of sessions page by page, for whoever goes through all of them. */
export function createExperimentPages(db: Db) {
  const rowsAfter = db.prepare<After, Text>(
    `SELECT e.position, e.id, e.fields FROM experiments e WHERE ${PAGE_AFTER} ${IN_ORDER}`,
  );
  const rowsBefore = db.prepare<After, Text>(
    `SELECT position, id, fields FROM experiments WHERE session = ? AND replaced = 0 AND (position, id) < (?, ?)
     ORDER BY position DESC, id DESC LIMIT ?`,
  );
  const hypothesesBefore = db.prepare<After, Text>(
    `SELECT position, id, fields FROM experiments
     WHERE session = ? AND replaced = 0 AND ${textIn('hypothesis')} <> '' AND (position, id) < (?, ?)
     ORDER BY position DESC, id DESC LIMIT ?`,
  );
  const changedAfter = db.prepare<Since, Timed>(
    `SELECT id, ${textIn('updated_at')} AS at, fields FROM experiments
     WHERE session = @session AND replaced = 0 AND ${textIn('updated_at')} >= @at
       AND (${textIn('updated_at')} > @at OR id > @id)
     ORDER BY ${textIn('updated_at')}, id LIMIT ${PAGE_ROWS}`,
  );
  const endedBefore = db.prepare<Since & { since: string }, Timed>(
    `SELECT id, ${textIn('ended_at')} AS at, fields FROM experiments
     WHERE session = @session AND replaced = 0 AND ${textIn('started_at')} <> ''
       AND ${textIn('ended_at')} BETWEEN @since AND @at AND (${textIn('ended_at')} < @at OR id < @id)
     ORDER BY ${textIn('ended_at')} DESC, id DESC LIMIT ${PAGE_ROWS}`,
  );
  const placeOf = db.prepare<[number, string], Placed>(
    'SELECT position, id FROM experiments WHERE session = ? AND experiment_id = ?',
  );
  const launchedAfter = db.prepare<After, LaunchedText>(
    `SELECT e.position, e.id, e.fields, e.queue, e.job_id, e.enqueued_at, coalesce(l.preset, p.preset) AS preset,
       coalesce(l.assignments, p.assignments) AS assignments, max(l.id)
     FROM experiments e
     LEFT JOIN launches l USING (queue, job_id, enqueued_at)
     LEFT JOIN plans p ON p.session = e.session AND p.experiment_id = e.experiment_id
     WHERE ${PAGE_AFTER} GROUP BY e.position, e.id ${IN_ORDER}`,
  );
  const jobs = db.prepare<[number], { [K in keyof Job]: NonNullable<Job[K]> }>(
    `SELECT queue, job_id, enqueued_at FROM experiments
     WHERE session = ? AND replaced = 0 AND queue IS NOT NULL ORDER BY position DESC, id DESC`,
  );
  const fieldsOf = ({ fields }: Pick<Row, 'fields'>) => fieldsIn(fields);

  function* backwards(
    before: { all(...before: After): Text[] },
    session: number,
    from: Placed | undefined,
  ): Generator<ExperimentRow[], void, void> {
    for (let last = from; last; ) {
      const rows: Text[] = before.all(session, last.position, last.id, PAGE_ROWS);
      yield rows.map(fieldsOf);
      last = rows.at(-1);
    }
  }

  return {
    /** What the rows say, in the order of the file. */
    *fieldPages(session: Session): Generator<ExperimentRow[], void, void> {
      for (const rows of pagesOf(rowsAfter, session)) yield rows.map(fieldsOf);
    },
    /** The same, the last first; only those before this one, where one is named. */
    fieldPagesBackwards: (
      { id: session }: Session,
      before?: string,
    ): Generator<ExperimentRow[], void, void> =>
      backwards(rowsBefore, session, before === undefined ? END : placeOf.get(session, before)),
    /** Those with a hypothesis, the last first. */
    hypothesisPages: ({ id }: Session): Generator<ExperimentRow[], void, void> =>
      backwards(hypothesesBefore, id, END),
    /** Those that changed since a time of the log's form, the first change first. */
    *changedPages({ id: session }: Session, since: string): Generator<ExperimentRow[], void, void> {
      for (let last: Pick<Timed, 'at' | 'id'> | undefined = { at: since, id: 0 }; last; ) {
        const rows: Timed[] = changedAfter.all({ session, at: last.at, id: last.id });
        yield rows.map(fieldsOf);
        last = rows.at(-1);
      }
    },
    /** Those of runs that ended since a time of the log's form, the last end first. */
    *endedPages({ id: session }: Session, since: string): Generator<ExperimentRow[], void, void> {
      for (let last: Pick<Timed, 'at' | 'id'> | undefined = { at: LAST_TIME, id: 0 }; last; ) {
        const rows: Timed[] = endedBefore.all({ session, since, at: last.at, id: last.id });
        yield rows.map(fieldsOf);
        last = rows.at(-1);
      }
    },
    /** With their jobs, and what they were, or are to be, launched from. */
    *launchedPages(session: Session): Generator<LaunchedRow[], void, void> {
      for (const rows of pagesOf(launchedAfter, session))
        yield rows.map((row) => ({
          row: fieldsOf(row),
          job: row.queue === null ? null : keyOf(row as Parameters<typeof keyOf>[0]),
          launch:
            row.preset === null
              ? null
              : {
                  preset: row.preset,
                  assignments: JSON.parse(row.assignments!) as Record<string, string>,
                },
        }));
    },
    /** The jobs of a session, the last row's first. */
    jobsOf: ({ id }: Session): JobKey[] => jobs.all(id).map(keyOf),
  };
}

function keyOf({ queue, job_id, enqueued_at }: { [K in keyof Job]: NonNullable<Job[K]> }): JobKey {
  return { queue, jobId: job_id, enqueuedAt: enqueued_at };
}
