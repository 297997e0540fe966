import type { Dismissed, LaunchPlan } from '../core/experiment.ts';
import type { Db } from './db.ts';
import { nextNumber } from './numbering.ts';

/** What planned experiments are to be launched from, and suggestions that somebody put off. */
export function createPlanStore(db: Db) {
  const put = db.prepare(
    `INSERT INTO plans (session, experiment_id, preset, assignments, expected, planned_by, planned_at, changes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const one = db.prepare<
    [number, string],
    { preset: string; assignments: string; expected: string; planned_by: string; changes: string }
  >(
    'SELECT preset, assignments, expected, planned_by, changes FROM plans WHERE session = ? AND experiment_id = ?',
  );
  const dismiss = db.prepare(
    `INSERT INTO put_off (id, session, preset, assignments, about, reason, by, at)
     VALUES (${nextNumber('put_off')}, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const takeBack = db.prepare('DELETE FROM put_off WHERE session = ? AND id = ?');
  const dismissed = db.prepare<
    [number],
    { id: number; preset: string; assignments: string; about: string; reason: string; by: string; at: number }
  >('SELECT id, preset, assignments, about, reason, by, at FROM put_off WHERE session = ? ORDER BY id');
  const settings = (text: string) => JSON.parse(text) as Record<string, string>;

  return {
    put(
      session: number,
      experimentId: string,
      { preset, assignments, expected, by, changes = '' }: LaunchPlan,
      at: number,
    ): void {
      put.run(session, experimentId, preset, JSON.stringify(assignments), expected, by, at, changes);
    },
    of(session: number, experimentId: string): LaunchPlan | undefined {
      const row = one.get(session, experimentId);
      return (
        row && {
          preset: row.preset,
          assignments: settings(row.assignments),
          expected: row.expected,
          by: row.planned_by,
          changes: row.changes,
        }
      );
    },
    dismiss(session: number, { preset, assignments, about, reason, by, at }: Omit<Dismissed, 'id'>): void {
      dismiss.run(session, preset, JSON.stringify(assignments), JSON.stringify(about), reason, by, at);
    },
    dismissed: (session: number): Dismissed[] =>
      dismissed.all(session).map((row) => ({
        ...row,
        assignments: settings(row.assignments),
        about: JSON.parse(row.about) as string[],
      })),
    /** Whether there was one. */
    restoreDismissed: (session: number, id: number): boolean => takeBack.run(session, id).changes > 0,
  };
}

export type PlanStore = ReturnType<typeof createPlanStore>;
