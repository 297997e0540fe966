import type { Transition, TransitionKind } from '../core/transition.ts';
import type { Db } from './db.ts';
import { nextNumber } from './numbering.ts';

interface TransitionRow {
  kind: string;
  at: number;
  seen_at: number;
  rebuilt: number;
  detail: string;
  edit: number | null;
  by_name: string | null;
  by_approved: string | null;
  queue: string;
  job_id: string;
  enqueued_at: number;
}

/** Every change of a job, in the order in which it was told. `job` is the number of the job's row. */
export function createTransitions(db: Db) {
  const append = db.prepare(
    `INSERT INTO transitions (id, job, kind, at, seen_at, rebuilt, detail, edit)
     VALUES (${nextNumber('transitions')}, ?, ?, ?, ?, ?, ?, 0)`,
  );
  const transitionColumns = `t.kind, t.at, t.seen_at, t.rebuilt, t.detail, t.edit, e.name AS by_name,
    e.approved_by AS by_approved, j.queue, j.job_id, j.enqueued_at`;
  const fromTransitions = 'FROM transitions t JOIN jobs j ON j.id = t.job LEFT JOIN edits e ON e.id = t.edit';
  const transitionsOf = db.prepare<[number], TransitionRow>(
    `SELECT ${transitionColumns} ${fromTransitions} WHERE t.job = ? ORDER BY t.id`,
  );
  const transitionById = db.prepare<[number], TransitionRow>(
    `SELECT ${transitionColumns} ${fromTransitions} WHERE t.id = ?`,
  );

  return {
    /** Appends; returns its number. */
    append(job: number, { kind, at, seenAt, rebuilt, detail }: Transition): number {
      const { lastInsertRowid } = append.run(job, kind, at, seenAt, rebuilt ? 1 : 0, JSON.stringify(detail));
      return Number(lastInsertRowid);
    },
    byId(id: number): Transition | undefined {
      const row = transitionById.get(id);
      return row && transitionOf(row);
    },
    ofJob: (job: number): Transition[] => transitionsOf.all(job).map(transitionOf),
  };
}

/** `by` where the change was asked for here: null when nobody did. */
function transitionOf(row: TransitionRow): Transition {
  return {
    job: { queue: row.queue, jobId: row.job_id, enqueuedAt: row.enqueued_at },
    kind: row.kind as TransitionKind,
    at: row.at,
    seenAt: row.seen_at,
    rebuilt: row.rebuilt === 1,
    detail: JSON.parse(row.detail) as Transition['detail'],
    ...(row.edit === null
      ? {}
      : { by: row.by_name === null ? null : { name: row.by_name, approvedBy: row.by_approved } }),
  };
}
