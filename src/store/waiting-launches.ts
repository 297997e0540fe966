import type { JobKey } from '../core/job.ts';
import type { RetryCause } from '../core/preset.ts';
import type { LaunchRequest } from '../core/services/launches.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

/** Who launches, and what they were allowed as they said so. */
export interface KeptPerson {
  id: string;
  name: string;
  /** What is needed to tell what they may do later; plain JSON. null: nothing of it is asked. */
  rights: unknown;
}

/** A launch as it is kept: its session and its person stand beside it. */
export type KeptRequest = Omit<LaunchRequest, 'session' | 'person' | 'waiting'>;

/** What is launched when a job has ended. */
export interface WaitingLaunch {
  id: number;
  kind: 'after' | 'retry';
  job: JobKey;
  session: number;
  /** The planned experiment that it is for; null: it repeats the job. */
  experimentId: string | null;
  request: KeptRequest;
  person: KeptPerson;
  /** Of a retry: which one in a row, from 1. */
  attempt: number;
  cause: RetryCause | null;
  state: 'waiting' | 'doubtful' | 'launched' | 'dropped';
}

interface Row {
  id: number;
  kind: WaitingLaunch['kind'];
  queue: string;
  job_id: string;
  enqueued_at: number;
  session: number;
  experiment_id: string | null;
  request: string;
  person: string;
  attempt: number;
  cause: RetryCause | null;
  state: WaitingLaunch['state'];
}

/** Launches that wait for a job's end. Each is taken once: whoever is first changes it from `waiting`, in one statement. */
export function createWaitingLaunches(db: Db, clock: Clock) {
  const insert = db.prepare(
    `INSERT OR IGNORE INTO waiting_launches
       (kind, queue, job_id, enqueued_at, session, experiment_id, request, person, attempt, cause, made_at, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
  );
  const open = db.prepare<[], Row>(
    `SELECT * FROM waiting_launches WHERE state IN ('waiting', 'doubtful') ORDER BY id`,
  );
  const byLaunch = db.prepare<[number], Row>('SELECT * FROM waiting_launches WHERE launch = ?');
  const retried = db.prepare<[JobKey & { since: number }], { attempt: number | null }>(
    `SELECT max(attempt) AS attempt FROM waiting_launches
     WHERE kind = 'retry' AND queue = @queue AND job_id = @jobId AND enqueued_at >= @since AND enqueued_at < @enqueuedAt
       AND state = 'launched'`,
  );
  const ofExperiment = db.prepare<[number, string], Row>(
    `SELECT * FROM waiting_launches WHERE session = ? AND experiment_id = ? AND state = 'waiting'`,
  );
  // Nobody needs the words of what waits no more.
  const launched = db.prepare(
    `UPDATE waiting_launches SET state = 'launched', launch = ?, request = json_remove(request, '$.hypothesis', '$.expected') WHERE id = ? AND state = 'waiting'`,
  );
  const drop = db.prepare(
    `UPDATE waiting_launches SET state = 'dropped', request = '{}' WHERE id = ? AND state IN ('waiting', 'doubtful')`,
  );
  const found = (row: Row | undefined) => row && waitingLaunch(row);

  return {
    /** False where the job is launched again already. */
    add(given: Omit<WaitingLaunch, 'id' | 'state'>): boolean {
      const { kind, job, session, experimentId, request, person, attempt, cause } = given;
      const key = [job.queue, job.jobId, job.enqueuedAt];
      const what = [session, experimentId, JSON.stringify(request), JSON.stringify(person)];
      return insert.run(kind, ...key, ...what, attempt, cause, clock()).changes === 1;
    },
    /** What waits, the oldest first. */
    open: (): WaitingLaunch[] => open.all().map(waitingLaunch),
    ofLaunch: (launch: number): WaitingLaunch | undefined => found(byLaunch.get(launch)),
    /** Which retry in a row the last was that an earlier life of a job brought, from its first one on; 0: none did. */
    retried: ({ queue, jobId, enqueuedAt }: JobKey, since: number): number =>
      retried.get({ queue, jobId, enqueuedAt, since })?.attempt ?? 0,
    ofExperiment: (session: number, experimentId: string): WaitingLaunch | undefined =>
      found(ofExperiment.get(session, experimentId)),
    /** Whether it still waited. */
    launched: (id: number, launch: number): boolean => launched.run(launch, id).changes === 1,
    /** Whether it still waited. */
    drop: (id: number): boolean => drop.run(id).changes === 1,
  };
}

export type WaitingLaunches = ReturnType<typeof createWaitingLaunches>;

function waitingLaunch(row: Row): WaitingLaunch {
  return {
    id: row.id,
    kind: row.kind,
    job: { queue: row.queue, jobId: row.job_id, enqueuedAt: row.enqueued_at },
    session: row.session,
    experimentId: row.experiment_id,
    request: JSON.parse(row.request) as KeptRequest,
    person: JSON.parse(row.person) as KeptPerson,
    attempt: row.attempt,
    cause: row.cause,
    state: row.state,
  };
}
