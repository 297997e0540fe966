import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, JobStatus } from '../../core/job.ts';
import { createRunFolder, type RunEnd, type RunFolder } from './run-folder.ts';
import { partOfRun, type Script, type ScriptedJob } from './script.ts';

const POINTS_IN_HISTORY = 200;
/** An endless day keeps so many jobs waiting, and the folders of so many runs that ended. */
const WAITING_KEPT = 2;
const FOLDERS_KEPT = 60;
/** A run logs at least so often, however rarely somebody looks: a part of it. */
const LONGEST_UNLOGGED = 1 / 16;
/** How long a job of the history had waited, seconds. */
const WAITED_SECONDS = 30;
/** What xax writes about a job that ran when its observer was stopped (queue.py of 0.4.9). */
const STOPPED = 'Recovered stale running process tree from previous observer session';

/** What truly happened, to compare an account of it with. `at` in epoch seconds. */
export interface JournalEntry {
  at: number;
  jobId: string;
  event: 'enqueued' | 'started' | 'completed' | 'failed' | 'cancelled' | 'moved';
}

/** What one moment changed. */
export interface WorldChange {
  changed: Job[];
  orderChanged: boolean;
  /** Another job runs than before, or none. */
  runningChanged: boolean;
}

/** How xax records an end. */
function recordOf(how: RunEnd): Pick<Job, 'returnCode' | 'error'> {
  switch (how) {
    case 'completes':
      return { returnCode: 0, error: null };
    case 'SIGTERM':
      return { returnCode: -15, error: 'Terminated by signal 15' };
    case 'SIGKILL':
      return { returnCode: -9, error: 'Terminated by signal 9' };
    case 'observer stops':
      return { returnCode: -1, error: STOPPED };
    default:
      return { returnCode: 1, error: 'Exited with return code 1' };
  }
}

/**
 * The simulated machine: jobs and their run folders, one running at a time. It moves only when told the time;
 * all times are epoch seconds.
 */
export function createWorld({
  name,
  folder,
  random,
}: {
  name: string;
  folder: string;
  random: () => number;
}) {
  const jobs = new Map<string, Job>();
  const runs = new Map<string, { plan: ScriptedJob; files: RunFolder; logged: number }>();
  const waiting: string[] = [];
  const journal: JournalEntry[] = [];
  let later: Script['later'] = [];
  let endless: readonly ScriptedJob[] = [];
  let endlessCount = 0;
  let running: string | null = null;
  let beganAt = 0;

  function note(jobId: string, event: JournalEntry['event'], at: number): void {
    const entry = { at, jobId, event };
    journal.push(entry);
    appendFileSync(join(folder, 'journal.jsonl'), `${JSON.stringify(entry)}\n`);
  }

  function create(plan: ScriptedJob, enqueuedAt: number): Job {
    const number = jobs.size + 1;
    const jobId = `job-${String(number).padStart(7, '0')}`;
    const runDir = join(folder, 'runs', `run_${String(number).padStart(3, '0')}`);
    const files = createRunFolder(runDir, jobId, plan, random);
    files.stage();
    runs.set(jobId, { plan, files, logged: 0 });
    const job: Job = {
      queue: name,
      jobId,
      taskKey: plan.taskKey,
      launcher: 'multi',
      pythonExecutable: '/usr/bin/python3',
      status: 'queued',
      runDir,
      stageDir: join(runDir, 'code'),
      configPath: join(runDir, 'config.yaml'),
      observerLogPath: files.observerLog,
      enqueuedAt,
      startedAt: null,
      endedAt: null,
      pid: null,
      processGroupId: null,
      childPids: [],
      oomDetected: false,
      returnCode: null,
      error: null,
    };
    jobs.set(jobId, job);
    note(jobId, 'enqueued', enqueuedAt);
    return job;
  }

  function change(jobId: string, fields: Partial<Job>): Job {
    const job = { ...jobs.get(jobId)!, ...fields };
    jobs.set(jobId, job);
    return job;
  }

  function begin(jobId: string, at: number): Job {
    runs.get(jobId)!.files.start(at);
    note(jobId, 'started', at);
    running = jobId;
    return change(jobId, { status: 'running', startedAt: at });
  }

  function end(jobId: string, how: RunEnd, at: number): Job {
    runs.get(jobId)!.files.end(how, stepAt(jobId, at), at);
    running = null;
    const status: JobStatus = how === 'completes' ? 'completed' : 'failed';
    note(jobId, status, at);
    return change(jobId, { status, endedAt: at, ...recordOf(how) });
  }

  function partDone(jobId: string, at: number): number {
    const { plan } = runs.get(jobId)!;
    return Math.min((at - jobs.get(jobId)!.startedAt!) / plan.seconds, partOfRun(plan.fate));
  }

  function stepAt(jobId: string, at: number): number {
    return Math.round(runs.get(jobId)!.plan.steps * partDone(jobId, at));
  }

  /** Writes the points of a run that has been going on until `until`. */
  function backfill(jobId: string, until: number): void {
    runs.get(jobId)!.logged = partDone(jobId, until);
    const { startedAt } = jobs.get(jobId)!;
    for (let point = 1; point <= POINTS_IN_HISTORY; point += 1) {
      const at = startedAt! + ((until - startedAt!) * point) / POINTS_IN_HISTORY;
      runs.get(jobId)!.files.log(stepAt(jobId, at), at);
    }
  }

  /** Writes the points of a run since it was last looked at. */
  function logUntil(jobId: string, now: number): void {
    const run = runs.get(jobId)!;
    const part = partDone(jobId, now);
    const { startedAt } = jobs.get(jobId)!;
    while (part - run.logged > LONGEST_UNLOGGED) {
      run.logged += LONGEST_UNLOGGED;
      run.files.log(Math.round(run.plan.steps * run.logged), startedAt! + run.plan.seconds * run.logged);
    }
    run.logged = part;
    run.files.log(stepAt(jobId, now), now);
  }

  /** Moves the running job on; the job when that ended it. */
  function advance(jobId: string, now: number): Job | undefined {
    const { plan, files } = runs.get(jobId)!;
    if (plan.train) {
      const how = files.trained();
      return how && end(jobId, how, now);
    }
    const atItsFate = partDone(jobId, now) >= partOfRun(plan.fate);
    if (plan.fate === 'gets stuck' && atItsFate) {
      const stuckSince = jobs.get(jobId)!.startedAt! + plan.seconds * partOfRun(plan.fate);
      const givesUpAt = stuckSince + (plan.stuckSeconds ?? Number.POSITIVE_INFINITY);
      return now >= givesUpAt ? end(jobId, 'gets stuck', now) : undefined;
    }
    logUntil(jobId, now);
    return atItsFate ? end(jobId, plan.fate, now) : undefined;
  }

  /** What an endless day brings once the script is over, so that something always waits; old runs' folders go. */
  function comingOfItself(due: number): ScriptedJob[] {
    if (endless.length === 0 || later.length > 0 || waiting.length + due >= WAITING_KEPT) return [];
    prune();
    const plan = endless[endlessCount % endless.length]!;
    endlessCount += 1;
    const { learning_rate: rate } = plan.settings;
    if (rate === undefined) return [plan];
    const varied = Number(rate) * 2 ** (2 * random() - 1);
    return [
      { ...plan, settings: { ...plan.settings, learning_rate: String(Number(varied.toPrecision(2))) } },
    ];
  }

  function prune(): void {
    for (const [jobId] of [...runs].slice(0, Math.max(0, runs.size - FOLDERS_KEPT))) {
      const job = jobs.get(jobId)!;
      if (job.endedAt === null) return;
      rmSync(job.runDir, { recursive: true, force: true });
      runs.delete(jobId);
    }
  }

  return {
    jobs,
    waiting: waiting as readonly string[],
    journal: journal as readonly JournalEntry[],
    running: () => running,
    heedsSigterm(jobId: string): boolean {
      const { fate, ignoresSigterm } = runs.get(jobId)!.plan;
      return fate !== 'gets stuck' && ignoresSigterm !== true;
    },
    /** Plays what had happened before, and begins the day. */
    play(script: Script, now: number): void {
      mkdirSync(join(folder, 'runs'), { recursive: true });
      for (const { minutesAgo, ...plan } of script.history) {
        const endedAt = now - minutesAgo * 60;
        const startedAt = endedAt - plan.seconds * partOfRun(plan.fate);
        const { jobId } = create(plan, startedAt - WAITED_SECONDS);
        begin(jobId, startedAt);
        backfill(jobId, endedAt);
        end(jobId, plan.fate, endedAt);
      }
      if (script.running) {
        const { part, ...plan } = script.running;
        const startedAt = now - plan.seconds * part;
        const { jobId } = create(plan, startedAt - WAITED_SECONDS);
        begin(jobId, startedAt);
        backfill(jobId, now);
      }
      for (const plan of script.waiting) waiting.push(create(plan, now).jobId);
      later = script.later;
      endless = script.endless ?? [];
      beganAt = now;
    },
    /** What happens by itself until `now`; nothing begins or goes on where nobody observes. */
    tick(now: number, isObserved: boolean): WorldChange {
      const changed: Job[] = [];
      const due = later.filter(({ afterSeconds }) => beganAt + afterSeconds <= now);
      later = later.filter((each) => !due.includes(each));
      const come = [...due.map(({ afterSeconds: _, ...plan }) => plan), ...comingOfItself(due.length)];
      for (const plan of come) {
        const job = create(plan, now);
        waiting.push(job.jobId);
        changed.push(job);
      }
      const before = running;
      const ended = running === null ? undefined : advance(running, now);
      if (ended) changed.push(ended);
      // The next one starts a moment later, as with a real observer.
      const next = before === null && isObserved ? waiting.shift() : undefined;
      if (next !== undefined) changed.push(begin(next, now));
      return {
        changed,
        orderChanged: come.length > 0 || next !== undefined,
        runningChanged: running !== before,
      };
    },
    /** At a 1-based place; at the end when absent. */
    enqueue(plan: ScriptedJob, now: number, position = waiting.length + 1): Job {
      const job = create(plan, now);
      waiting.splice(position - 1, 0, job.jobId);
      return job;
    },
    move(jobId: string, position: number, now: number): void {
      waiting.splice(waiting.indexOf(jobId), 1);
      waiting.splice(position - 1, 0, jobId);
      note(jobId, 'moved', now);
    },
    cancel(jobId: string, now: number): Job {
      waiting.splice(waiting.indexOf(jobId), 1);
      note(jobId, 'cancelled', now);
      return change(jobId, { status: 'cancelled', endedAt: now, error: 'Cancelled before execution' });
    },
    end,
  };
}
