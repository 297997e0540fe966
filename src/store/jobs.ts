import type { Job, JobKey, JobStatus } from '../core/job.ts';
import type { JobFilter, JobRecord } from '../core/services.ts';
import type { Transition, TransitionKind } from '../core/transition.ts';
import type { KnownJob } from '../queue/diff.ts';
import type { Db } from './db.ts';

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
type Remembered = Omit<Job, 'queue' | 'jobId' | 'enqueuedAt' | 'pid' | 'processGroupId' | 'childPids'>;

/** How many of a task's last completed runs tell how long it usually takes. */
const USUAL_RUNS = 9;

/** Jobs as the queues told them last, and every change of them. Nothing here is ever deleted. */
export function createJobStore(db: Db) {
  const columns = 'id, queue, job_id, enqueued_at, body, owner, owner_person, removed, gpus';
  const find = db.prepare<[string, string, number], JobRow>(
    `SELECT ${columns} FROM jobs WHERE queue = ? AND job_id = ? AND enqueued_at = ?`,
  );
  const insert = db.prepare(
    `INSERT INTO jobs (queue, job_id, enqueued_at, task_key, status, started_at, ended_at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = db.prepare(
    'UPDATE jobs SET task_key = ?, status = ?, started_at = ?, ended_at = ?, body = ?, removed = 0 WHERE id = ?',
  );
  const list = db.prepare<Record<string, unknown>, JobRow>(
    `SELECT ${columns} FROM jobs
     WHERE queue = @queue AND (@status IS NULL OR status = @status)
       AND (@task IS NULL OR instr(lower(task_key), lower(@task)) > 0)
       AND (@owner IS NULL OR coalesce(owner_person, owner) = @owner)
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
    `SELECT ${columns} FROM jobs WHERE queue = ? AND ended_at >= ? AND status IN ('completed', 'failed', 'cancelled')`,
  );
  const lastBegun = db.prepare<[string], JobRow>(
    `SELECT ${columns} FROM jobs WHERE queue = ? AND started_at IS NOT NULL
     ORDER BY status = 'running' AND removed = 0 DESC, started_at DESC, id DESC LIMIT 1`,
  );
  const newestById = db.prepare<[string, string], JobRow>(
    `SELECT ${columns} FROM jobs WHERE queue = ? AND job_id = ? ORDER BY removed, enqueued_at DESC LIMIT 1`,
  );
  const append = db.prepare(
    'INSERT INTO transitions (job, kind, at, seen_at, rebuilt, detail) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const readTransition = (row: TransitionRow): Transition => ({
    job: { queue: row.queue, jobId: row.job_id, enqueuedAt: row.enqueued_at },
    kind: row.kind as TransitionKind,
    at: row.at,
    seenAt: row.seen_at,
    rebuilt: row.rebuilt === 1,
    detail: JSON.parse(row.detail) as Transition['detail'],
  });
  type TransitionRow = {
    kind: string;
    at: number;
    seen_at: number;
    rebuilt: number;
    detail: string;
    queue: string;
    job_id: string;
    enqueued_at: number;
  };
  const transitionColumns = 't.kind, t.at, t.seen_at, t.rebuilt, t.detail, j.queue, j.job_id, j.enqueued_at';
  const transitionsOf = db.prepare<[number], TransitionRow>(
    `SELECT ${transitionColumns} FROM transitions t JOIN jobs j ON j.id = t.job WHERE t.job = ? ORDER BY t.id`,
  );
  const transitionById = db.prepare<[number], TransitionRow>(
    `SELECT ${transitionColumns} FROM transitions t JOIN jobs j ON j.id = t.job WHERE t.id = ?`,
  );
  const usual = db.prepare<[string, string, number], { seconds: number }>(
    `SELECT ended_at - started_at AS seconds FROM jobs
     WHERE queue = ? AND task_key = ? AND status = 'completed' AND ended_at >= started_at
     ORDER BY ended_at DESC LIMIT ?`,
  );
  const killOf = db.prepare<[number], { name: string; at: number; signal: string | null }>(
    'SELECT name, at, signal FROM kills WHERE job = ? ORDER BY id DESC LIMIT 1',
  );
  const addKill = db.prepare('INSERT INTO kills (job, person, name, at) VALUES (?, ?, ?, ?)');
  const setKillSignal = db.prepare('UPDATE kills SET signal = ? WHERE id = ?');
  const dropKill = db.prepare('DELETE FROM kills WHERE id = ?');
  const setOwner = db.prepare('UPDATE jobs SET owner = ? WHERE id = ?');
  const setOwnerPerson = db.prepare('UPDATE jobs SET owner_person = ? WHERE id = ?');
  const setGpus = db.prepare('UPDATE jobs SET gpus = ? WHERE id = ?');
  const setRemoved = db.prepare('UPDATE jobs SET removed = 1 WHERE id = ?');
  const readQueue = db.prepare<[string], { waiting: string }>('SELECT waiting FROM queues WHERE name = ?');
  const writeQueue = db.prepare(
    `INSERT INTO queues (name, waiting, seen_at) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET waiting = excluded.waiting, seen_at = excluded.seen_at`,
  );

  const rowOf = (key: JobKey) => find.get(key.queue, key.jobId, key.enqueuedAt);
  const mustFind = (key: JobKey) => {
    const row = rowOf(key);
    if (!row) throw new Error(`no such job in the memory: ${key.jobId}`);
    return row;
  };
  const record = (row: JobRow): JobRecord => ({
    ...(JSON.parse(row.body) as Remembered),
    queue: row.queue,
    jobId: row.job_id,
    enqueuedAt: row.enqueued_at,
    pid: null,
    processGroupId: null,
    childPids: [],
    owner: row.owner_person ?? row.owner,
    killedBy: killOf.get(row.id) ?? null,
    removed: row.removed === 1,
    gpus: row.gpus,
  });

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
        insert.run(
          job.queue,
          job.jobId,
          job.enqueuedAt,
          job.taskKey,
          job.status,
          job.startedAt,
          job.endedAt,
          body,
        );
        return { known: undefined, changed: true };
      }
      const before = JSON.parse(row.body) as Remembered;
      const known = { status: before.status, startedAt: before.startedAt };
      if (row.body === body && row.removed === 0) return { known, changed: false };
      update.run(job.taskKey, job.status, job.startedAt, job.endedAt, body, row.id);
      return { known, changed: true };
    },
    markRemoved(key: JobKey): void {
      setRemoved.run(mustFind(key).id);
    },
    /** Appends; returns its number. */
    append({ job, kind, at, seenAt, rebuilt, detail }: Transition): number {
      const { lastInsertRowid } = append.run(
        mustFind(job).id,
        kind,
        at,
        seenAt,
        rebuilt ? 1 : 0,
        JSON.stringify(detail),
      );
      return Number(lastInsertRowid);
    },
    transition(id: number): Transition | undefined {
      const row = transitionById.get(id);
      return row && readTransition(row);
    },
    transitions(key: JobKey): Transition[] {
      const row = rowOf(key);
      return row ? transitionsOf.all(row.id).map(readTransition) : [];
    },
    get(key: JobKey): JobRecord | undefined {
      const row = rowOf(key);
      return row && record(row);
    },
    /** The newest job of that id, one that the queue still holds before one that it does not. */
    newest(queue: string, jobId: string): JobRecord | undefined {
      const row = newestById.get(queue, jobId);
      return row && record(row);
    },
    list(queue: string, { status, task, owner, limit }: JobFilter): JobRecord[] {
      return list
        .all({ queue, status: status ?? null, task: task ?? null, owner: owner ?? null, limit })
        .map(record);
    },
    /** Of those that ran or run, the one that began last: what runs now did, whatever the clock said then. */
    lastBegun(queue: string): JobRecord | undefined {
      const row = lastBegun.get(queue);
      return row && record(row);
    },
    /** Latest ended first. */
    recentlyEnded: (queue: string, limit: number): JobRecord[] => ended.all(queue, limit).map(record),
    /** Those that ended after this; epoch seconds. */
    endedSince: (queue: string, at: number): JobRecord[] => endedSince.all(queue, at).map(record),
    /** Those that run, or ended after this; epoch seconds. */
    ranSince: (queue: string, at: number): JobRecord[] => ran.all(queue, at).map(record),
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
    /** Writes down who asked for a kill, before any signal; `signalled` and `withdrawn` follow it. */
    addKill(key: JobKey, personId: string, name: string, at: number) {
      const id = addKill.run(mustFind(key).id, personId, name, at).lastInsertRowid;
      return {
        signalled: (signal: string) => void setKillSignal.run(signal, id),
        withdrawn: () => void dropKill.run(id),
      };
    },
    /** Ids of all jobs of a queue that are waiting or running by what was said last. */
    unfinished(queue: string): JobRecord[] {
      return (['queued', 'running'] satisfies JobStatus[]).flatMap((status) =>
        list.all({ queue, status, task: null, owner: null, limit: -1 }).map(record),
      );
    },
  };
}

export type JobStore = ReturnType<typeof createJobStore>;

function remembered({ queue, jobId, enqueuedAt, pid, processGroupId, childPids, ...rest }: Job): Remembered {
  return rest;
}
