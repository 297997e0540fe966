import { setTimeout as sleep } from 'node:timers/promises';
import { isEnded, isSameJob, type Job, type JobKey, type JobStatus } from '../../core/job.ts';
import type {
  KillOptions,
  KillResult,
  LaunchRequest,
  LaunchResult,
  MutationResult,
  ObserverRequest,
  ObserverResult,
  QueueCapability,
  QueueWith,
  Snapshot,
  SnapshotChange,
} from '../../core/queue.ts';
import type { Clock } from '../../core/time.ts';
import { withoutQuotes } from '../../core/yaml-scalar.ts';
import { checkAssignment } from '../assignments.ts';
import { createJobFiles } from '../job-files.ts';
import { tailJobLog } from '../job-log.ts';
import { logNews } from '../log-news.ts';
import { createFolderOwner } from '../owner.ts';
import { createRunFiles } from '../run-files.ts';
import { createSimulatedObserver } from './observer.ts';
import { seededRandom } from './random.ts';
import type { Script, ScriptedJob } from './script.ts';
import { createWorld, type JournalEntry, type WorldChange } from './world.ts';

/** How often the simulated world moves on, milliseconds. */
const TICK_MS = 500;
/** How often a signalled job is checked, milliseconds. */
const CHECK_MS = 50;
/** A run that was queued from chat takes this long, seconds, and this many steps. */
const LAUNCHED_SECONDS = 60;
const LAUNCHED_STEPS = 2_400;

/** It has no TensorBoard: nothing of its runs is worth a process. */
export interface SimulatedQueue extends QueueWith<Exclude<QueueCapability, 'tensorboard' | 'steer'>> {
  /** Adds a job as if somebody had queued it. */
  enqueue(job: ScriptedJob, position?: number): Job;
  journal(): readonly JournalEntry[];
}

/** A queue that plays a scripted day: the jobs are not real, but their files on disk are. */
export function createSimulatedQueue(options: {
  name: string;
  /** Run folders and the journal go here. */
  folder: string;
  script: Script;
  seed: number;
  clock: Clock;
  tickMs?: number;
  /** How long a run that was queued from chat takes. */
  launchedSeconds?: number;
  /** What a run that was queued from chat does in the place of a simulated training, from its start to its end. */
  train?: (request: LaunchRequest, run: { runDir: string; log: string }) => Promise<void>;
}): SimulatedQueue {
  const { name, folder, script, clock } = options;
  const tickMs = options.tickMs ?? TICK_MS;
  const launchedSeconds = options.launchedSeconds ?? LAUNCHED_SECONDS;
  const world = createWorld({ name, folder, random: seededRandom(options.seed) });
  let listener: ((change: SnapshotChange) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let hasBegun = false;
  const observer = createSimulatedObserver();
  const ownerOfFolder = createFolderOwner({});
  const now = () => clock() / 1000;

  function snapshot(): Snapshot | undefined {
    if (!hasBegun) return undefined;
    const running = world.running();
    return {
      queue: name,
      jobs: world.jobs,
      order: [...world.waiting],
      running: running === null ? [] : [running],
      observer: observer.tell(now(), running),
      nextIndex: null,
      isAbsent: false,
      readAt: clock(),
    };
  }

  function tell({ changed, orderChanged, runningChanged }: WorldChange): void {
    listener?.({
      snapshot: snapshot()!,
      changed,
      removed: [],
      orderChanged,
      observerChanged: runningChanged,
    });
  }

  function tick(): void {
    const change = world.tick(now(), observer.isActive());
    if (change.changed.length > 0) tell(change);
  }

  /** Why the job cannot be what was asked; null when it can. */
  function refusal(key: JobKey, wanted: JobStatus): string | null {
    const job = world.jobs.get(key.jobId);
    if (!isSameJob(job, key)) return "is no longer in the queue's file";
    if (job.status === wanted) return null;
    if (wanted === 'queued')
      return job.status === 'running' ? 'is running now; kill it to end it' : `is ${job.status}, not waiting`;
    return isEnded(job.status)
      ? `is not running: it has ended as ${job.status}`
      : 'is waiting, not running; cancel it instead';
  }

  function enqueue(plan: ScriptedJob, position?: number): Job {
    const job = world.enqueue(plan, now(), position);
    tell({ changed: [job], orderChanged: true, runningChanged: false });
    return job;
  }

  async function move(key: JobKey, position: number): Promise<MutationResult> {
    const reason = refusal(key, 'queued');
    if (reason !== null) return { done: false, reason };
    const waiting = world.waiting.length;
    if (!Number.isSafeInteger(position) || position < 1 || position > waiting) {
      return { done: false, reason: `cannot move to position ${position}: ${waiting} waiting` };
    }
    world.move(key.jobId, position, now());
    tell({ changed: [], orderChanged: true, runningChanged: false });
    return { done: true };
  }

  async function cancel(key: JobKey): Promise<MutationResult> {
    const reason = refusal(key, 'queued');
    if (reason !== null) return { done: false, reason };
    tell({ changed: [world.cancel(key.jobId, now())], orderChanged: true, runningChanged: false });
    return { done: true };
  }

  async function kill(
    key: JobKey,
    { graceMs, hasTerm = false, beforeSignal, onSignal, abort }: KillOptions,
  ): Promise<KillResult> {
    const reason = refusal(key, 'running');
    if (reason !== null) return { done: false, reason };
    const began = clock();
    const done = (endedBy: 'SIGTERM' | 'SIGKILL'): KillResult => ({
      done: true,
      endedBy,
      waitedMs: clock() - began,
    });
    const end = (signal: 'SIGTERM' | 'SIGKILL') =>
      tell({ changed: [world.end(key.jobId, signal, now())], orderChanged: false, runningChanged: true });
    const send = (signal: 'SIGTERM' | 'SIGKILL') => {
      beforeSignal?.(signal);
      onSignal?.(signal);
    };
    if (!hasTerm) send('SIGTERM');
    if (world.heedsSigterm(key.jobId)) {
      end('SIGTERM');
      return done('SIGTERM');
    }
    while (clock() - began < graceMs) {
      await sleep(Math.min(CHECK_MS, graceMs));
      if (refusal(key, 'running') !== null) return done('SIGTERM');
      if (abort?.aborted)
        return { done: false, reason: 'got SIGTERM and has not ended yet', isUnknown: true };
    }
    send('SIGKILL');
    end('SIGKILL');
    return done('SIGKILL');
  }

  const runningJob = () => {
    const running = world.running();
    return running === null ? undefined : world.jobs.get(running);
  };

  function whyNotObserver({ action, mayEnd }: ObserverRequest): string | null {
    if (action === 'start')
      return observer.isActive() ? 'An observer is already active. To change its GPUs, restart it.' : null;
    const job = runningJob();
    const isNamed = mayEnd.some((key) => isSameJob(job, key));
    return job && !isNamed ? `${job.jobId} is running now and would be killed.` : null;
  }

  /** In two steps a moment apart, as a real one ends and begins. */
  async function controlObserver(request: ObserverRequest): Promise<ObserverResult> {
    const refusal = whyNotObserver(request);
    if (refusal !== null) return { done: false, reason: refusal };
    const { action, gpus } = request;
    const job = runningJob();
    const [kept] = observer.reservations();
    if (action !== 'start') {
      observer.stop();
      const changed = job ? [world.end(job.jobId, 'observer stops', now())] : [];
      tell({ changed, orderChanged: false, runningChanged: true });
    }
    if (action === 'stop') return { done: true };
    await sleep(tickMs);
    const isSet = kept?.kind === 'listed' || kept?.kind === 'first';
    observer.start(now(), gpus ?? (isSet ? kept : undefined));
    tell({ changed: [], orderChanged: false, runningChanged: true });
    return { done: true };
  }

  async function launch(request: LaunchRequest, onLine: (line: string) => void): Promise<LaunchResult> {
    const { argv, assignments, position } = request;
    const { train } = options;
    for (const [key, value] of Object.entries(assignments)) checkAssignment(key, value);
    const lastLines = [`[simulated] ${argv.join(' ')}`];
    const say = (line: string) => {
      lastLines.push(line);
      onLine(line);
    };
    onLine(lastLines[0]!);
    await sleep(tickMs);
    if (!observer.isActive())
      return {
        done: false,
        reason: 'no queue observer is active, and nothing is queued without one',
        lastLines: [],
      };
    const rate = assignments.learning_rate;
    if (rate !== undefined && !(Number(withoutQuotes(rate)) > 0)) {
      say(`ValueError: could not convert string to float: '${rate}'`);
      return { done: false, reason: 'the launcher failed (exit code 1)', lastLines };
    }
    const taskKey = argv.at(-1) ?? 'simulated.Task';
    const job = enqueue(
      {
        ...{ taskKey, settings: assignments, steps: LAUNCHED_STEPS, seconds: launchedSeconds },
        fate: 'completes',
        ...(train ? { train: (run) => train(request, run) } : {}),
      },
      position,
    );
    say(`Queued ${job.jobId} (${taskKey}) at ${job.runDir}`);
    return { done: true, job: { jobId: job.jobId, enqueuedAt: job.enqueuedAt, runDir: job.runDir } };
  }

  return {
    name,
    kind: 'simulated',
    simulated: true,
    startedBy: 'observer start',
    async start(onChange) {
      listener = onChange;
      if (!hasBegun) {
        world.play(script, now());
        observer.start(now());
      }
      hasBegun = true;
      tell({ changed: [...world.jobs.values()], orderChanged: true, runningChanged: true });
      timer = setInterval(tick, tickMs);
    },
    async stop() {
      clearInterval(timer);
      listener = undefined;
    },
    snapshot,
    async refresh() {
      tell({ changed: [], orderChanged: false, runningChanged: false });
    },
    health: () => ({ ok: true, lastReadAt: clock() }),
    move,
    cancel,
    kill,
    launch,
    readJobLog: (job, kind, lines, before) =>
      tailJobLog(
        createRunFiles(job.runDir),
        kind === 'observer' ? job.observerLogPath : 'logs.txt',
        lines,
        before,
      ),
    readJobLogNews: (job, kind, lines, after) =>
      logNews(
        createRunFiles(job.runDir),
        kind === 'observer' ? job.observerLogPath : 'logs.txt',
        lines,
        after,
      ),
    runFiles: (job) => createRunFiles(job.runDir),
    filesIn: createJobFiles,
    // Its jobs are no programs.
    workingFolderOf: async () => null,
    observer: {
      canStart: true,
      control: controlObserver,
      refusal: async (request) => whyNotObserver(request),
    },
    gpus: { reservations: async () => observer.reservations() },
    // Its jobs have no processes.
    ownsProcess: () => false,
    ownerOf: (job) => ownerOfFolder(job.runDir),
    enqueue,
    journal: () => world.journal,
  };
}
