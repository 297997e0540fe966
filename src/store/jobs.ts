import type { Job, JobKey, JobStatus } from '../core/job.ts';
import { killOf } from '../core/kill.ts';
import type { PersonId } from '../core/message.ts';
import type { JobFilter, JobRecord } from '../core/services/jobs.ts';
import { asOf, type KnownJob, type Transition } from '../core/transition.ts';
import type { Db } from './db.ts';
import { killsOfJob } from './kills.ts';
import { createTransitions } from './transitions.ts';

interface JobRow {
  id: number;
  queue: string;
  job_id: string;
  enqueued_at: number;
  body: string;
  owner: string | null;
  owner_person: string | null;
  removed: number;
  gpus: number | null;
}

/** The fields of a job that are worth remembering: what changes twice a second while it runs is not. */
type Remembered = Omit<
  Job,
  'queue' | 'jobId' | 'enqueuedAt' | 'name' | 'task' | 'pid' | 'processGroupId' | 'childPids'
>;

/** How many of a task's last completed runs tell how long it usually takes. */
const USUAL_RUNS = 9;

/** Who a job is put down to: the person who launched it from chat, and the Unix owner of its run folder. */
export interface RawOwner {
  person: PersonId | null;
  unix: string | null;
}

/** Every way to write one person as the owner of jobs. */
export interface OwnerSpellings {
  persons: readonly PersonId[];
  unix: readonly string[];
}

type ListFilter = Omit<JobFilter, 'owner' | 'before'> & {
  owners?: OwnerSpellings;
  before?: Before | undefined;
};

/** Where a list goes on: behind an enqueue time, or among the jobs of that time behind one. */
export interface Before {
  /** Epoch seconds. */
  enqueuedAt: number;
  /** The job of that time and queue that it goes on behind; null: all of that time come; undefined: none of them does. */
  jobId: string | null | undefined;
}

/**
 * Jobs as the queues told them last, and every change of them. Nothing here is ever deleted. `ownerOf` makes of what is
 * kept the one name of a person: it is asked at each reading, so that who is named in the settings later is known at once.
 * `nameOf`: what people call a job whose id alone may be another's too.
 */
export function createJobStore(
  db: Db,
  ownerOf: (raw: RawOwner) => Pick<JobRecord, 'owner' | 'ownerPerson'> = ({ person, unix }) => ({
    owner: person ?? unix,
    ownerPerson: person,
  }),
  nameOf: (key: JobKey) => string | undefined = () => undefined,
) {
  const columns = 'id, queue, job_id, enqueued_at, body, owner, owner_person, removed, gpus';
  const find = db.prepare<[string, string, number], JobRow>(
    `SELECT ${columns} FROM jobs WHERE queue = ? AND job_id = ? AND enqueued_at = ?`,
  );
  // Whose a job is that its queue put back: as in its life before.
  const insert = db.prepare(
    `INSERT INTO jobs (queue, job_id, enqueued_at, task_key, status, started_at, ended_at, body, owner_person)
     VALUES (@queue, @jobId, @enqueuedAt, @taskKey, @status, @startedAt, @endedAt, @body,
       (SELECT owner_person FROM jobs WHERE queue = @queue AND job_id = @jobId AND enqueued_at < @enqueuedAt
          AND @body ->> '$.restarts' > 0 AND body ->> '$.runDir' = @body ->> '$.runDir'
        ORDER BY enqueued_at DESC LIMIT 1))`,
  );
  const update = db.prepare(
    'UPDATE jobs SET task_key = ?, status = ?, started_at = ?, ended_at = ?, body = ?, removed = 0 WHERE id = ?',
  );
  const list = db.prepare<Record<string, unknown>, JobRow>(
    `SELECT ${columns} FROM jobs
     WHERE queue = @queue AND (@status IS NULL OR status = @status)
       AND (@task IS NULL OR instr(lower(task_key), lower(@task)) > 0)
       AND (@persons IS NULL OR owner_person IN (SELECT value FROM json_each(@persons))
            OR (owner_person IS NULL AND owner IN (SELECT value FROM json_each(@unix))))
       AND (@at IS NULL OR enqueued_at < @at
            OR (enqueued_at = @at AND (@ties OR id < (SELECT id FROM jobs WHERE queue = @queue AND job_id = @job AND enqueued_at = @at))))
     ORDER BY enqueued_at DESC, id DESC LIMIT @limit`,
  );
  const ended = db.prepare<[string, number], JobRow>(
    `SELECT ${columns} FROM jobs WHERE queue = ? AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT ?`,
  );
  const ran = db.prepare<[string, number], JobRow>(
    `SELECT ${columns} FROM jobs WHERE queue = ? AND started_at IS NOT NULL
       AND (ended_at >= ? OR (status = 'running' AND removed = 0))`,
  );
  const endedSince = db.prepare<[string, number], JobRow>(
    `SELECT ${columns} FROM jobs WHERE queue = ? AND ended_at >= ? AND status NOT IN ('queued', 'running')`,
  );
  const begunLast = 'started_at IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT 1';
  const lastRunning = db.prepare<[string], JobRow>(
    `SELECT ${columns} FROM jobs WHERE queue = ? AND status = 'running' AND removed = 0 AND +${begunLast}`,
  );
  const lastBegun = db.prepare<[string], JobRow>(
    `SELECT ${columns} FROM jobs WHERE queue = ? AND ${begunLast}`,
  );
  const newestById = db.prepare<[string, string], JobRow>(
    `SELECT ${columns} FROM jobs WHERE queue = ? AND job_id = ? ORDER BY removed, enqueued_at DESC LIMIT 1`,
  );
  const usual = db.prepare<[string, string, number], { seconds: number }>(
    `SELECT ended_at - started_at AS seconds FROM jobs
     WHERE queue = ? AND task_key = ? AND status = 'completed' AND ended_at >= started_at
     ORDER BY ended_at DESC LIMIT ?`,
  );
  const transitions = createTransitions(db);
  const killsOf = killsOfJob(db);
  const setOwner = db.prepare('UPDATE jobs SET owner = ? WHERE id = ?');
  const setOwnerPerson = db.prepare('UPDATE jobs SET owner_person = ? WHERE id = ?');
  const setGpus = db.prepare('UPDATE jobs SET gpus = ? WHERE id = ?');
  const setRemoved = db.prepare('UPDATE jobs SET removed = 1 WHERE id = ?');
  const held = db.prepare<[string], { job_id: string; enqueued_at: number }>(
    'SELECT job_id, enqueued_at FROM jobs WHERE queue = ? AND removed = 0 ORDER BY enqueued_at',
  );
  const readQueue = db.prepare<[string], { waiting: string; next_index: number | null }>(
    'SELECT waiting, next_index FROM queues WHERE name = ?',
  );
  const writeQueue = db.prepare(
    `INSERT INTO queues (name, waiting, seen_at) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET waiting = excluded.waiting, seen_at = excluded.seen_at`,
  );
  const writeNextIndex = db.prepare('UPDATE queues SET next_index = ? WHERE name = ?');

  const rowOf = (key: JobKey) => find.get(key.queue, key.jobId, key.enqueuedAt);
  const mustFind = (key: JobKey) => {
    const row = rowOf(key);
    if (!row) throw new Error(`no such job in the database: ${key.jobId}`);
    return row;
  };
  /** `ending`: as it stood by that. */
  const record = (row: JobRow, ending?: Transition): JobRecord => {
    const known = JSON.parse(row.body) as Remembered;
    const then = ending ? asOf(ending, known) : known;
    const key = { queue: row.queue, jobId: row.job_id, enqueuedAt: row.enqueued_at };
    const name = nameOf(key);
    return {
      ...then,
      ...key,
      ...(name === undefined ? {} : { name }),
      pid: null,
      processGroupId: null,
      childPids: [],
      ...ownerOf({ person: row.owner_person, unix: row.owner }),
      killedBy: killOf(then, killsOf(row.id)),
      removed: row.removed === 1,
      gpus: row.gpus,
    };
  };

  return {
    /** undefined for a queue that was never seen. */
    waiting(queue: string): string[] | undefined {
      const row = readQueue.get(queue);
      return row && (JSON.parse(row.waiting) as string[]);
    },
    setWaiting(queue: string, order: readonly string[], seenAt: number): void {
      writeQueue.run(queue, JSON.stringify(order), seenAt);
    },
    /** Remembers the job as it is now. Returns what was known before, and whether anything worth remembering changed. */
    put(job: Job): { known: KnownJob | undefined; changed: boolean } {
      const body = JSON.stringify(remembered(job));
      const row = rowOf(job);
      if (!row) {
        insert.run({ ...job, body });
        return { known: undefined, changed: true };
      }
      const before = JSON.parse(row.body) as Remembered;
      const known = { status: before.status, startedAt: before.startedAt, removed: row.removed === 1 };
      if (row.body === body && row.removed === 0) return { known, changed: false };
      update.run(job.taskKey, job.status, job.startedAt, job.endedAt, body, row.id);
      return { known, changed: true };
    },
    markRemoved(key: JobKey): void {
      setRemoved.run(mustFind(key).id);
    },
    /** Keys of the jobs that the queue holds, as far as is known. */
    held: (queue: string): JobKey[] =>
      held.all(queue).map((row) => ({ queue, jobId: row.job_id, enqueuedAt: row.enqueued_at })),
    /** The number that the queue's next job was to get; null: unknown. */
    nextIndex: (queue: string): number | null => readQueue.get(queue)?.next_index ?? null,
    setNextIndex: (queue: string, index: number | null): void => void writeNextIndex.run(index, queue),
    /** Appends; returns its number. */
    append: (transition: Transition): number => transitions.append(mustFind(transition.job).id, transition),
    transition: (id: number): Transition | undefined => transitions.byId(id),
    transitions(key: JobKey): Transition[] {
      const row = rowOf(key);
      return row ? transitions.ofJob(row.id) : [];
    },
    has: (key: JobKey): boolean => rowOf(key) !== undefined,
    get(key: JobKey): JobRecord | undefined {
      const row = rowOf(key);
      return row && record(row);
    },
    /** Whom a job is put down to, as it was written down. */
    rawOwner(key: JobKey): RawOwner | undefined {
      const row = rowOf(key);
      return row && { person: row.owner_person, unix: row.owner };
    },
    /** The job as it stood when it ended, told by that transition; as it is for any other. */
    asOf(transition: Transition): JobRecord | undefined {
      const row = rowOf(transition.job);
      return row && record(row, transition);
    },
    /** The newest job of that id, one that the queue still holds before one that it does not. */
    newest(queue: string, jobId: string): JobRecord | undefined {
      const row = newestById.get(queue, jobId);
      return row && record(row);
    },
    list(queue: string, { status, task, owners, before, limit }: ListFilter): JobRecord[] {
      const persons = owners ? JSON.stringify(owners.persons) : null;
      const unix = JSON.stringify(owners?.unix ?? []);
      return list
        .all({
          queue,
          status: status ?? null,
          task: task ?? null,
          persons,
          unix,
          at: before?.enqueuedAt ?? null,
          job: before?.jobId ?? null,
          ties: before?.jobId === null ? 1 : 0,
          limit,
        })
        .map((row) => record(row));
    },
    /** Of those that ran or run, the one that began last: what runs now did, whatever the clock said then. */
    lastBegun(queue: string): JobRecord | undefined {
      const row = lastRunning.get(queue) ?? lastBegun.get(queue);
      return row && record(row);
    },
    /** Latest ended first. */
    recentlyEnded: (queue: string, limit: number): JobRecord[] =>
      ended.all(queue, limit).map((row) => record(row)),
    /** Those that ended after this; epoch seconds. */
    endedSince: (queue: string, at: number): JobRecord[] =>
      endedSince.all(queue, at).map((row) => record(row)),
    /** Those that run, or ended after this; epoch seconds. */
    ranSince: (queue: string, at: number): JobRecord[] => ran.all(queue, at).map((row) => record(row)),
    /** Median seconds of the task's last completed runs; null without one. */
    usualSeconds(queue: string, taskKey: string): number | null {
      const seconds = usual
        .all(queue, taskKey, USUAL_RUNS)
        .map((row) => row.seconds)
        .sort((a, b) => a - b);
      return seconds[seconds.length >> 1] ?? null;
    },
    /** The Unix owner of the run folder. */
    setOwner(key: JobKey, owner: string): void {
      setOwner.run(owner, mustFind(key).id);
    },
    /** How many GPUs the queue held as it began. */
    setGpus(key: JobKey, gpus: number): void {
      setGpus.run(gpus, mustFind(key).id);
    },
    /** Who launched it from chat. */
    setOwnerPerson(key: JobKey, name: string): void {
      setOwnerPerson.run(name, mustFind(key).id);
    },
    /** All jobs of a queue that are waiting or running by what was said last, and that it still held. */
    unfinished(queue: string): JobRecord[] {
      return (['queued', 'running'] satisfies JobStatus[])
        .flatMap((status) => this.list(queue, { status, limit: -1 }))
        .filter(({ removed }) => !removed);
    },
  };
}

export type JobStore = ReturnType<typeof createJobStore>;

function remembered({
  queue,
  jobId,
  enqueuedAt,
  name,
  task,
  pid,
  processGroupId,
  childPids,
  ...rest
}: Job): Remembered {
  return rest;
}
