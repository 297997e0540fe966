import type { JobKey } from '../core/job.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

export interface Launch {
  id: number;
  preset: string;
  assignments: Record<string, string>;
  personId: string;
  experimentId: string | null;
  hypothesis: string | null;
  parent: string | null;
}

interface LaunchRow {
  id: number;
  preset: string;
  assignments: string;
  person: string;
  experiment_id: string | null;
  hypothesis: string | null;
  parent: string | null;
}

/** What was launched from chat, by whom and with what: written before the launcher starts. */
export function createLaunchStore(db: Db, clock: Clock) {
  const columns = 'id, preset, assignments, person, experiment_id, hypothesis, parent';
  const insert = db.prepare(
    `INSERT INTO launches (queue, preset, assignments, person, experiment_id, hypothesis, parent, started_at, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'launching')`,
  );
  const queued = db.prepare(
    `UPDATE launches SET state = 'queued', job_id = ?, enqueued_at = ?, run_dir = ? WHERE id = ?`,
  );
  const failed = db.prepare(`UPDATE launches SET state = 'failed' WHERE id = ?`);
  const byJob = db.prepare<[string, string, number], LaunchRow>(
    `SELECT ${columns} FROM launches WHERE queue = ? AND job_id = ? AND enqueued_at = ? ORDER BY id DESC LIMIT 1`,
  );
  const interrupted = db.prepare<[string], LaunchRow>(
    `UPDATE launches SET state = 'interrupted' WHERE queue = ? AND state = 'launching' RETURNING ${columns}`,
  );
  const launch = (row: LaunchRow): Launch => ({
    id: row.id,
    preset: row.preset,
    assignments: JSON.parse(row.assignments) as Record<string, string>,
    personId: row.person,
    experimentId: row.experiment_id,
    hypothesis: row.hypothesis,
    parent: row.parent,
  });
  return {
    begin(queue: string, values: Omit<Launch, 'id'>): number {
      const { preset, assignments, personId, experimentId, hypothesis, parent } = values;
      const settings = JSON.stringify(assignments);
      return Number(
        insert.run(queue, preset, settings, personId, experimentId, hypothesis, parent, clock())
          .lastInsertRowid,
      );
    },
    queued(id: number, { jobId, enqueuedAt }: JobKey, runDir: string | null): void {
      queued.run(jobId, enqueuedAt, runDir, id);
    },
    failed: (id: number) => void failed.run(id),
    ofJob({ queue, jobId, enqueuedAt }: JobKey): Launch | undefined {
      const row = byJob.get(queue, jobId, enqueuedAt);
      return row && launch(row);
    },
    /** Launches that were under way when the process ended, marked so and told once. */
    takeInterrupted: (queue: string): Launch[] => interrupted.all(queue).map(launch),
  };
}

export type LaunchStore = ReturnType<typeof createLaunchStore>;
