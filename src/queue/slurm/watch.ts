import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BotError } from '../../core/errors.ts';
import type { Job } from '../../core/job.ts';
import type { Log } from '../../core/log.ts';
import type { QueueHealth, RunFiles, Snapshot, SnapshotChange } from '../../core/queue.ts';
import type { Clock } from '../../core/time.ts';
import { askController, type Controller } from './controller.ts';
import { describeNew } from './describe.ts';
import { findEndings } from './endings.ts';
import type { Life } from './life.ts';
import type { Absent, Lives, Taken } from './lives.ts';
import { nodesDown } from './nodes.ts';
import { ask, type Run } from './programs.ts';
import { parseRows, pollArguments, type Row } from './rows.ts';
import { knownStarts } from './starts.ts';

export const SLURM_TIMINGS = {
  /** Between two polls while something is waited for, milliseconds. */
  busyMs: 15_000,
  /** And while nothing is. */
  idleMs: 30_000,
  /** Never less, whatever MinJobAge is. */
  leastMs: 2_000,
  /** The longest pause behind polls that failed. */
  backOffMs: 120_000,
  /** How often what was asked for is looked at until it is seen. */
  seenMs: 700,
  /** The longest pause between two of these. */
  seenMostMs: 5_000,
};
export type SlurmTimings = typeof SLURM_TIMINGS;

/** What has vanished may show in the next poll again; in so many, one after the other, it must be missing. */
const MISSING_POLLS = 2;
/** Where the controller does not say which id comes next, another job may show that its state was lost: so many polls more. */
const DOUBT_POLLS = 4;
/** An accounting database that is away, or behind, may tell of an end yet: so many polls more. */
const ACCOUNTED_POLLS = 4;

export interface WatchDeps {
  name: string;
  users: readonly string[];
  lives: Lives;
  run: Run;
  env: NodeJS.ProcessEnv;
  filesOf(life: Life): RunFiles | null;
  clock: Clock;
  log: Log;
  timings: SlurmTimings;
}

/** Polls the controller, one call at a time, and tells what is new. */
export function createWatch(deps: WatchDeps) {
  const { name, users, lives, run, env, clock, log, timings } = deps;
  let listener: ((change: SnapshotChange) => void) | undefined;
  let owed: SnapshotChange | undefined;
  let controller: Controller | null = null;
  let problem: { text: string; since: number } | null = null;
  let lastReadAt: number | null = null;
  let current: Snapshot | undefined;
  let failures = 0;
  let poll: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = true;
  let undescribed: Life[] = [];
  let startsAt: ReadonlyMap<string, number> = new Map();
  /** What was printed, by its hash, if the same again would tell nothing. */
  let steadyPrint: string | null = null;

  function pauseMs(): number {
    const usual = lives.isIdle() ? timings.idleMs : timings.busyMs;
    const within = ((controller?.minJobAge ?? Number.POSITIVE_INFINITY) * 1000) / 3;
    const gentle = Math.max(timings.leastMs, Math.min(usual, within));
    return failures === 0 ? gentle : Math.min(timings.backOffMs, gentle * 2 ** Math.min(failures, 6));
  }

  /** One poll at a time; whoever asks meanwhile waits for one that begins after that. */
  async function look(): Promise<void> {
    if (poll) await poll;
    poll ??= lookOnce().finally(() => {
      poll = null;
      clearTimeout(timer);
      if (!isStopped) timer = setTimeout(() => void look(), pauseMs());
    });
    await poll;
  }

  async function lookOnce(): Promise<void> {
    controller ??= await controllerNow();
    const answer = await ask(run, env, pollArguments(['-u', users.join(',')]));
    const print = answer.ok ? createHash('sha1').update(answer.bytes).digest('base64') : null;
    if (print !== null && print === steadyPrint && !problem && current) {
      lastReadAt = clock();
      current = { ...current, readAt: lastReadAt };
      return;
    }
    steadyPrint = null;
    const text = answer.ok ? answer.text : '';
    const rows = parseRows(text);
    const what = !answer.ok
      ? answer.problem
      : rows.length === 0 && text.trim() !== ''
        ? `squeue prints what is no list of jobs: ${text.trim().slice(0, 60)}`
        : null;
    if (what !== null) {
      failures += 1;
      problem = { text: what, since: problem?.since ?? clock() };
      log.warn({ queue: name, problem: what }, 'the queue could not be read');
      return;
    }
    // What answers again may be another one than before.
    if (problem) controller = (await controllerNow()) ?? controller;
    failures = 0;
    problem = null;
    lastReadAt = clock();
    const news = lives.take(rows);
    await taken(news);
    startsAt = await knownStarts(lives.all().values(), { run, env, now: clock() / 1000 });
    tell();
    if (news.isSteady && undescribed.length === 0 && owed === undefined) steadyPrint = print;
  }

  async function controllerNow(): Promise<Controller | null> {
    const told = await askController(run, env);
    return 'ok' in told ? null : told;
  }

  async function taken({ fresh, putBack, absent, isAnotherState }: Taken): Promise<void> {
    for (const { life, by } of putBack) await sayWhy(life, by);
    if (isAnotherState || (absent.length > 0 && (await wasLost()))) lives.lose();
    else if (absent.length > 0) await settle(absent);
    const still = undescribed.filter((life) => lives.all().get(life.jobId) === life);
    undescribed = await describeNew([...still, ...fresh], lives.describe, { run, env, users });
  }

  /** Whether ids went back: what is missing then was not ended by anybody, but forgotten. */
  async function wasLost(): Promise<boolean> {
    const now = await controllerNow();
    if (now) controller = now;
    return now !== null && now.nextId !== null && now.nextId <= lives.highestId();
  }

  async function settle(absent: readonly Absent[]): Promise<void> {
    const patience = controller?.nextId == null ? DOUBT_POLLS : MISSING_POLLS;
    const due = absent.filter(({ life, part }) => (life.parts.get(part)?.missing ?? 0) >= patience);
    if (due.length === 0) return;
    const hasAccounting = controller?.hasAccounting ?? false;
    const endings = await findEndings(due, { run, env, hasAccounting, filesOf: deps.filesOf });
    for (const [index, one] of due.entries()) {
      const ended = endings[index] ?? null;
      const missing = one.life.parts.get(one.part)?.missing ?? 0;
      if (ended !== null || !hasAccounting || missing >= patience + ACCOUNTED_POLLS)
        lives.settle(one, ended, clock() / 1000);
    }
  }

  /** A node that went down as its job was put back tells why it was; of all else nobody can tell. */
  async function sayWhy(life: Life, row: Row): Promise<void> {
    const here = life.isRequeuedHere ? 'it was requeued from here, and waits again' : undefined;
    const nodes = [...new Set([...life.parts.values()].map((part) => part.nodes))].filter(
      (each) => each !== '',
    );
    const down =
      here !== undefined || nodes.length === 0 ? [] : await nodesDown(run, env, nodes, row.submittedAt);
    const why =
      down.length > 0
        ? `its node ${down.join(', ')} failed, and Slurm put it back into the queue`
        : (here ?? 'it was preempted, or somebody requeued it, and waits again');
    life.seen = { by: 'requeued', because: `${why}: as ${life.jobId} in its life ${row.restarts + 1}` };
  }

  function snapshotNow(): Snapshot {
    const jobs = lives.jobs();
    return {
      queue: name,
      jobs,
      order: lives.order(),
      running: [...jobs.values()].filter(({ status }) => status === 'running').map(({ jobId }) => jobId),
      observer: null,
      nextIndex: nextIndex(),
      isAbsent: false,
      forgets: true,
      startsAt,
      readAt: lastReadAt ?? clock(),
    };
  }

  function nextIndex(): number | null {
    const seen = lives.highestId();
    const next = Math.max(controller?.nextId ?? 0, seen === 0 ? 0 : seen + 1);
    return next === 0 ? null : next;
  }

  function tell(): void {
    const before = current;
    const { changed, removed } = lives.news();
    current = snapshotNow();
    const orderChanged = before === undefined || !isSameOrder(before.order, current.order);
    const change = { snapshot: current, changed, removed, orderChanged, observerChanged: false };
    const whole = owed
      ? {
          ...change,
          changed: [...owed.changed, ...changed],
          removed: [...owed.removed, ...removed],
          orderChanged: true,
        }
      : change;
    owed = undefined;
    if (before && changed.length === 0 && removed.length === 0 && !orderChanged && whole === change) return;
    try {
      listener?.(whole);
    } catch (error) {
      owed = whole;
      log.error({ err: error, queue: name }, 'a change of the queue could not be handed on');
    }
  }

  return {
    async start(heard: (change: SnapshotChange) => void, known: readonly Job[]): Promise<void> {
      listener = heard;
      isStopped = false;
      lives.restore(known);
      await look();
    },
    stop(): void {
      isStopped = true;
      listener = undefined;
      clearTimeout(timer);
    },
    look,
    /** Reads now. Error `queue-state` when that fails: nothing may be decided on an old state. */
    async readNow(): Promise<Snapshot> {
      await look();
      if (problem || !current)
        throw new BotError('queue-state', problem?.text ?? 'The queue has not been read yet.');
      return current;
    },
    /** Reads until something is so, or its time is over. */
    async until(
      isSo: (snapshot: Snapshot) => boolean,
      withinMs: number,
      abort?: AbortSignal,
    ): Promise<boolean> {
      const end = performance.now() + withinMs;
      for (let pause = timings.seenMs; ; pause = Math.min(timings.seenMostMs, pause * 1.5)) {
        await look();
        if (!problem && current && isSo(current)) return true;
        if (abort?.aborted || performance.now() >= end) return false;
        await sleep(Math.min(pause, Math.max(0, end - performance.now())));
      }
    },
    snapshot: () => current,
    /** It is about to be put back from here. */
    requeuing(job: Job): void {
      const life = lives.all().get(job.jobId);
      if (life) life.isRequeuedHere = true;
    },
    /** A task of it is about to be cancelled from here: Slurm keeps no record of one that waited. */
    asked(job: Job, task: number): void {
      const life = lives.all().get(job.jobId);
      if (!life) return;
      life.asked ??= new Set();
      life.asked.add(`${task}`);
    },
    /** The file that a job prints to, as Slurm tells it now; undefined: it does not. */
    logPathOf(job: Job): string | undefined {
      const life = lives.all().get(job.jobId);
      return life?.submittedAt === job.enqueuedAt ? life.details?.logPath : undefined;
    },
    /** The folder that a job was submitted from; undefined: it is not known. */
    workDirOf(job: Job): string | undefined {
      const life = lives.all().get(job.jobId);
      return life?.submittedAt === job.enqueuedAt ? life.details?.workDir || undefined : undefined;
    },
    controller: () => controller,
    health: (): QueueHealth =>
      problem
        ? { ok: false, problem: problem.text, since: problem.since, lastReadAt }
        : { ok: true, lastReadAt },
  };
}

export type Watch = ReturnType<typeof createWatch>;

function isSameOrder(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}
