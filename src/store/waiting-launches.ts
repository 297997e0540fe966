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
export interface KeptLaunch {
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
  /** The number of the launch that came of it. */
  launch: number | null;
}

interface Row {
  id: number;
  kind: KeptLaunch['kind'];
  queue: string;
  job_id: string;
  enqueued_at: number;
  session: number;
  experiment_id: string | null;
  request: string;
  person: string;
  attempt: number;
  cause: RetryCause | null;
  state: KeptLaunch['state'];
  launch: number | null;
}

/** One that waits, with the name of its session. */
export interface ListedLaunch extends KeptLaunch {
  sessionName: string;
}

/** Which of those that wait; by default all. */
export interface LaunchFilter {
  /** Those that go to one of these queues, or that say none and wait for a job of one. */
  queues?: readonly string[] | undefined;
  /** Those of one person, by every id of theirs. */
  persons?: readonly string[] | undefined;
  /** Those that wait for a job of this id, in whatever life. */
  job?: Pick<JobKey, 'queue' | 'jobId'> | undefined;
  /** Those for an experiment of this id. */
  experimentId?: string | undefined;
  /** Those in the session of this name. */
  session?: string | undefined;
}

/** What waits, and is not taken back in the experiment log; both states are named, as the index of what is open names them. */
const WAITING = `
  FROM waiting_launches w
  JOIN sessions s ON s.id = w.session
  LEFT JOIN experiments e ON e.session = w.session AND e.experiment_id = w.experiment_id
  WHERE w.state IN ('waiting', 'doubtful') AND w.state = 'waiting'
    AND (w.experiment_id IS NULL OR (e.status = 'planned' AND e.replaced = 0))
    AND (@queues IS NULL OR coalesce(json_extract(w.request, '$.queue'), w.queue) IN (SELECT value FROM json_each(@queues)))
    AND (@persons IS NULL OR json_extract(w.person, '$.id') IN (SELECT value FROM json_each(@persons)))
    AND (@queue IS NULL OR (w.queue = @queue AND w.job_id = @jobId))
    AND (@experimentId IS NULL OR w.experiment_id = @experimentId)
    AND (@session IS NULL OR s.name = @session)`;

/**
 * Launches that wait for a job's end. Each is taken once: whoever is first changes it from `waiting`, in one statement.
 * `changed` hears of the job that one waits for, or does no more.
 */
export function createWaitingLaunches(db: Db, clock: Clock, changed: (job: JobKey) => void = () => {}) {
  const insert = db.prepare(
    `INSERT OR IGNORE INTO waiting_launches
       (kind, queue, job_id, enqueued_at, session, experiment_id, request, person, attempt, cause, made_at, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
  );
  const open = db.prepare<[], Row>(
    `SELECT * FROM waiting_launches WHERE state IN ('waiting', 'doubtful') ORDER BY id`,
  );
  const listed = db.prepare<unknown[], Row & { session_name: string }>(
    `SELECT w.*, s.name AS session_name ${WAITING} ORDER BY w.id LIMIT @limit`,
  );
  const count = db.prepare<unknown[], number>(`SELECT count(*) ${WAITING}`).pluck();
  const newestOf = db.prepare<[string, string], Row>(
    `SELECT w.* FROM waiting_launches w JOIN sessions s ON s.id = w.session
     WHERE s.name = ? AND w.experiment_id = ? ORDER BY w.id DESC LIMIT 1`,
  );
  const byId = db.prepare<[number], Row>('SELECT * FROM waiting_launches WHERE id = ?');
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

  /** Whoever shows what waits for the job hears of it where something has changed. */
  function told(isChanged: boolean, of: JobKey | number): boolean {
    if (isChanged) changed(typeof of === 'number' ? waitingLaunch(byId.get(of)!).job : of);
    return isChanged;
  }

  return {
    /** False where the job is launched again already. */
    add(given: Omit<KeptLaunch, 'id' | 'state' | 'launch'>): boolean {
      const { kind, job, session, experimentId, request, person, attempt, cause } = given;
      const key = [job.queue, job.jobId, job.enqueuedAt];
      const what = [session, experimentId, JSON.stringify(request), JSON.stringify(person)];
      return told(insert.run(kind, ...key, ...what, attempt, cause, clock()).changes === 1, job);
    },
    /** Those that wait, the oldest first, but for what was taken back in the experiment log. */
    list: (filter: LaunchFilter, limit: number): ListedLaunch[] =>
      listed
        .all({ ...asked(filter), limit })
        .map((row) => ({ ...waitingLaunch(row), sessionName: row.session_name })),
    /** How many those are. */
    count: (filter: LaunchFilter): number => count.get(asked(filter)) ?? 0,
    /** The last that was for an experiment of the session of this name, whatever became of it. */
    newestOf: (session: string, experimentId: string): KeptLaunch | undefined =>
      found(newestOf.get(session, experimentId)),
    get: (id: number): KeptLaunch | undefined => found(byId.get(id)),
    /** What waits and what may have waited, the oldest first. */
    open: (): KeptLaunch[] => open.all().map(waitingLaunch),
    ofLaunch: (launch: number): KeptLaunch | undefined => found(byLaunch.get(launch)),
    /** Which retry in a row the last was that an earlier life of a job brought, from its first one on; 0: none did. */
    retried: ({ queue, jobId, enqueuedAt }: JobKey, since: number): number =>
      retried.get({ queue, jobId, enqueuedAt, since })?.attempt ?? 0,
    ofExperiment: (session: number, experimentId: string): KeptLaunch | undefined =>
      found(ofExperiment.get(session, experimentId)),
    /** Whether it still waited. */
    launched: (id: number, launch: number): boolean => told(launched.run(launch, id).changes === 1, id),
    /** Whether it still waited. */
    drop: (id: number): boolean => told(drop.run(id).changes === 1, id),
  };
}

export type WaitingLaunches = ReturnType<typeof createWaitingLaunches>;

function asked({ queues, persons, job, experimentId, session }: LaunchFilter) {
  return {
    queues: queues ? JSON.stringify(queues) : null,
    persons: persons ? JSON.stringify(persons) : null,
    queue: job?.queue ?? null,
    jobId: job?.jobId ?? null,
    experimentId: experimentId ?? null,
    session: session ?? null,
  };
}

function waitingLaunch(row: Row): KeptLaunch {
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
    launch: row.launch,
  };
}
