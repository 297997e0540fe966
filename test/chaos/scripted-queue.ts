import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type RawJob,
  type RawState,
  rawJob,
  rawState,
  stateText,
  writeStateFile,
} from '../queue/xax/helpers.ts';
import { FIXTURES } from '../recorded.ts';

/** What happened to a job; `at` in epoch seconds, as the queue's file has it. */
export interface JournalEntry {
  jobId: string;
  event: 'enqueued' | 'started' | 'completed' | 'failed' | 'cancelled' | 'moved';
  at: number;
  /** Of which job of that number; epoch seconds. */
  enqueuedAt: number;
}

/** What the file as a whole did to a job: an earlier file lacks it, has it again, or tells of it as it was earlier. */
export interface Setback {
  jobId: string;
  event: 'gone' | 'back' | 'set back' | 'waiting again';
  enqueuedAt: number;
}

/** How xax records an end (finish_job and recover in queue_state.py and queue.py of 0.4.9). */
const RECOVERED = 'Recovered stale running process tree from previous observer session';
const ENDS = [
  { status: 'completed', return_code: 0, error: null, oom_detected: false },
  { status: 'failed', return_code: 1, error: 'Exited with return code 1', oom_detected: false },
  { status: 'failed', return_code: 1, error: 'Out of memory', oom_detected: true },
  { status: 'failed', return_code: -15, error: 'Terminated by signal 15', oom_detected: false },
  { status: 'failed', return_code: -9, error: 'Terminated by signal 9', oom_detected: false },
  { status: 'failed', return_code: -1, error: RECOVERED, oom_detected: false },
] as const;
/** Above any process (PID_MAX_LIMIT of Linux). */
const NO_PID = 4_194_304;
/** Most jobs that wait: more would make a history of waiting. */
const WAITING_MAX = 5;
/** A recorded run with curves, and one without any: what is drawn costs more than all else. */
const RUN_WITH_CURVES = 'run_006';

/**
 * A queue that does what xax does to its file, by random: jobs come, start, end in every way, are cancelled and moved, the
 * observer restarts. It keeps a journal of its own, which nobody else writes or reads but the test.
 */
export function createScriptedQueue(folder: string, random: () => number, clock: () => number = Date.now) {
  const home = join(folder, 'home');
  const runs = join(folder, 'runs');
  mkdirSync(home, { recursive: true });
  const jobs = new Map<string, RawJob>();
  const queue: string[] = [];
  /** Jobs that a file in the place of another did not have, as they were. */
  const lost = new Map<string, RawJob>();
  const journal: JournalEntry[] = [];
  let running: string | null = null;
  let nextIndex = 1;
  let count = 0;

  /** Whole microseconds, as a double holds them. */
  const now = () => Math.round(clock() * 1_000 + random() * 999) / 1e6;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

  function note(jobId: string, event: JournalEntry['event'], at: number): void {
    journal.push({ jobId, event, at, enqueuedAt: Number(jobs.get(jobId)!.enqueued_at) });
  }

  function state(): RawState {
    return rawState([...jobs], {
      next_job_idx: nextIndex,
      queue: [...queue],
      running_job_id: running,
    });
  }

  function write(): void {
    writeStateFile(home, stateText(state()));
  }

  function beat(): void {
    const at = clock() / 1000;
    const status = running === null ? 'idle' : `running:${running}`;
    writeFileSync(
      join(home, 'queue_observer.json'),
      JSON.stringify({ hostname: 'gpu-01', pid: process.pid, started_at: at - 60, status, updated_at: at }),
    );
  }

  function end(how: (typeof ENDS)[number]): void {
    const jobId = running!;
    const at = now();
    Object.assign(jobs.get(jobId)!, {
      ...how,
      ended_at: at,
      pid: null,
      process_group_id: null,
      child_pids: [],
    });
    running = null;
    note(jobId, how.status, at);
  }

  const acts = {
    enqueue() {
      const index = nextIndex;
      nextIndex += 1;
      count += 1;
      const runDir = join(runs, `run_${count}`);
      const hasCurves = random() < 0.5;
      if (hasCurves) cpSync(join(FIXTURES, 'runs', RUN_WITH_CURVES), runDir, { recursive: true });
      else mkdirSync(runDir, { recursive: true });
      const at = now();
      const [jobId, job] = rawJob(index, {
        enqueued_at: at,
        run_dir: runDir,
        stage_dir: join(runDir, 'code'),
        config_path: join(runDir, 'config.yaml'),
        observer_log_path: join(runDir, 'queue_observer.log'),
      });
      jobs.set(jobId, job);
      queue.splice(random() < 0.2 ? 0 : queue.length, 0, jobId);
      note(jobId, 'enqueued', at);
    },
    start() {
      const jobId = queue.shift()!;
      const at = now();
      Object.assign(jobs.get(jobId)!, { status: 'running', started_at: at });
      running = jobId;
      note(jobId, 'started', at);
    },
    end: () => end(pick(ENDS)),
    cancel() {
      const [jobId] = queue.splice(Math.floor(random() * queue.length), 1);
      const at = now();
      Object.assign(jobs.get(jobId!)!, {
        status: 'cancelled',
        ended_at: at,
        error: 'Cancelled before execution',
      });
      note(jobId!, 'cancelled', at);
    },
    move() {
      const [jobId] = queue.splice(Math.floor(random() * queue.length), 1);
      queue.splice(Math.floor(random() * (queue.length + 1)), 0, jobId!);
      note(jobId!, 'moved', now());
    },
    // While a job runs, xax writes its file every half a second for the children's pids.
    children() {
      jobs.get(running!)!.child_pids = [NO_PID + Math.floor(random() * 1_000)];
    },
  };

  /** What may happen next, the usual more often. */
  function possible(): (keyof typeof acts)[] {
    const some: (keyof typeof acts)[] = [];
    if (queue.length < WAITING_MAX) some.push('enqueue', 'enqueue');
    if (running === null && queue.length > 0) some.push('start', 'start', 'start');
    if (running !== null) some.push('end', 'end', 'children');
    if (queue.length > 0) some.push('cancel');
    if (queue.length > 1) some.push('move');
    return some;
  }

  return {
    home,
    journal: journal as readonly JournalEntry[],
    jobs: jobs as ReadonlyMap<string, RawJob>,
    /** The places of those that wait. */
    waiting: queue as readonly string[],
    running: () => running,
    write,
    beat,
    /** The file's text as it is now. */
    text: () => stateText(state()),
    /** The file is as it was: what that does to each job. */
    restore(text: string): Setback[] {
      const before = new Map([...jobs].map(([jobId, job]) => [jobId, { ...job }]));
      const old = JSON.parse(text) as RawState;
      jobs.clear();
      for (const [jobId, job] of Object.entries(old.jobs)) jobs.set(jobId, job);
      queue.splice(0, queue.length, ...old.queue);
      running = old.running_job_id;
      nextIndex = old.next_job_idx;
      write();
      const events = setbacks(before, jobs, lost);
      for (const [jobId, job] of before)
        if (!isIn(jobs, jobId, job)) lost.set(`${jobId}@${job.enqueued_at}`, job);
      return events;
    },
    /** A job comes; its id. */
    enqueueNow(): string {
      acts.enqueue();
      const jobId = [...jobs.keys()].at(-1)!;
      queue.splice(queue.indexOf(jobId), 1);
      queue.push(jobId);
      write();
      return jobId;
    },
    /** Something happens, sometimes more before the file is written; nobody sees what comes and goes in between. */
    act(): void {
      do acts[pick(possible())]();
      while (random() < 0.15);
      write();
      if (random() < 0.3) beat();
    },
  };
}

type Jobs = ReadonlyMap<string, RawJob>;

function isIn(jobs: Jobs, jobId: string, { enqueued_at }: RawJob): boolean {
  return jobs.get(jobId)?.enqueued_at === enqueued_at;
}

/** What becomes of each job when a file holds `after` in place of `before`; what had ended goes and comes without a word. */
function setbacks(before: Jobs, after: Jobs, lost: Jobs): Setback[] {
  const gone = [...before].filter(([jobId, job]) => job.ended_at === null && !isIn(after, jobId, job));
  return [
    ...gone.map(([jobId, job]) => setback(jobId, job, 'gone')),
    ...[...after].flatMap(([jobId, job]) => {
      const isHere = isIn(before, jobId, job);
      const known = isHere ? before.get(jobId) : lost.get(`${jobId}@${job.enqueued_at}`);
      return [
        ...(known && !isHere && job.ended_at === null ? [setback(jobId, job, 'back')] : []),
        ...(known && known.status !== job.status
          ? [setback(jobId, job, job.status === 'running' ? 'set back' : 'waiting again')]
          : []),
      ];
    }),
  ];
}

function setback(jobId: string, { enqueued_at }: RawJob, event: Setback['event']): Setback {
  return { jobId, event, enqueuedAt: Number(enqueued_at) };
}

export type ScriptedQueue = ReturnType<typeof createScriptedQueue>;
