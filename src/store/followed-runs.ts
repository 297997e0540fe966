import type { FollowedRun, FollowedRunStore } from '../core/followed.ts';
import type { EndSeen } from '../core/job.ts';
import type { Db } from './db.ts';
import { nextNumber } from './numbering.ts';

interface Row {
  number: number;
  folder: string;
  task: string;
  pid: number | null;
  process_started_at: number | null;
  followed_at: number;
  started_at: number;
  silent_ms: number;
  ended_at: number | null;
  seen_by: EndSeen['by'] | null;
  because: string | null;
}

/** Runs that no queue started, as they are followed; none is ever deleted. */
export function createFollowedRunStore(db: Db): FollowedRunStore {
  const all = db.prepare<[], Row>('SELECT * FROM followed_runs ORDER BY number');
  const insert = db.prepare<unknown[], Row>(
    `INSERT INTO followed_runs (number, folder, task, pid, process_started_at, followed_at, started_at, silent_ms)
     VALUES (${nextNumber('followed_runs')}, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
  );
  const end = db.prepare('UPDATE followed_runs SET ended_at = ?, seen_by = ?, because = ? WHERE number = ?');
  return {
    all: () => all.all().map(runOf),
    add: ({ folder, task, process, followedAt, startedAt, silentMs }) =>
      runOf(
        insert.get(
          folder,
          task,
          process?.pid ?? null,
          process?.startedAt ?? null,
          followedAt,
          startedAt,
          silentMs,
        )!,
      ),
    setEnd: (number, ended) =>
      void end.run(ended?.at ?? null, ended?.seen.by ?? null, ended?.seen.because ?? null, number),
  };
}

function runOf(row: Row): FollowedRun {
  const { number, folder, task, pid, process_started_at: begun } = row;
  return {
    ...{ number, folder, task },
    process: pid === null || begun === null ? null : { pid, startedAt: begun },
    followedAt: row.followed_at,
    startedAt: row.started_at,
    silentMs: row.silent_ms,
    end:
      row.ended_at === null || row.seen_by === null
        ? null
        : { at: row.ended_at, seen: { by: row.seen_by, because: row.because ?? '' } },
  };
}
