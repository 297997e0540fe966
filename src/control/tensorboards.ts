import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeptValues } from '../core/adapter-ports.ts';
import { BotError } from '../core/errors.ts';
import { isSameJob, type Job, type JobKey, jobName } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { Queue } from '../core/queue.ts';
import { queueWith } from '../core/queue-lacks.ts';
import type { RunPlace } from '../core/run-place.ts';
import type { TensorBoard, TensorBoardsService } from '../core/services/tensorboards.ts';
import type { Clock } from '../core/time.ts';
import { type RunResult, run } from '../processes/run.ts';

/** Each takes some hundred MB on a host that others train on. */
const AT_MOST = 2;
/** TensorFlow-free TensorBoard needs seconds to import; a busy host needs more. */
const START_MS = 120_000;
const ASK_MS = 250;
export const TENSORBOARD_TIMINGS = {
  /** Nobody was connected for this long: it is stopped. */
  idleMs: 30 * 60_000,
  /** Connections that close stay in the kernel's table for 60 s (TCP_TIMEWAIT_LEN of Linux), so none is missed. */
  lookMs: 30_000,
};
/** However busy: a forgotten open page must not keep it running forever. */
const LONGEST_MS = 24 * 3_600_000;
const OUTPUT_MAX_BYTES = 64 * 1024;
const LINES_SHOWN = 3;
/** The kept value of the runs that are shown. */
const SHOWN = 'runs in TensorBoard';
/** For a program that is not started. */
const ANY_PORT = 0;

type Serving = Required<Pick<Queue, 'name' | 'kind' | 'tensorboard'>>;

interface Served extends TensorBoard {
  jobs: readonly Job[];
  stopping: AbortController;
  ended: Promise<RunResult>;
  usedAt: number;
}

/** TensorBoards on this host's loopback, each for some jobs; stopped when nobody uses them. */
export function createTensorBoards(deps: {
  queues: { of(job: Pick<Job, 'queue'>): Pick<Queue, 'name' | 'kind' | 'tensorboard'> };
  clock: Clock;
  log: Log;
  /** Another TensorBoard shows these runs now, or none does any more. */
  onChange(jobs: readonly JobKey[]): void;
  kept: KeptValues;
  /** Where a job writes, if not to its run folder: what its queue starts shows run folders alone. */
  placeOf?(job: Job): RunPlace | undefined;
  timings?: Partial<typeof TENSORBOARD_TIMINGS>;
}): TensorBoardsService & { begin(): void; stop(): Promise<void> } {
  const { queues, clock, log } = deps;
  const { idleMs, lookMs } = { ...TENSORBOARD_TIMINGS, ...deps.timings };
  const served = new Map<string, Promise<Served>>();
  /** Those of them that answer. */
  const up = new Set<Served>();
  /** Set from the first one on. */
  let looking: NodeJS.Timeout | undefined;

  async function start(queue: Serving, jobs: readonly Job[], jobIds: readonly string[]): Promise<Served> {
    const port = await freePort();
    const program = programOf(queue, jobIds, port);
    const stopping = new AbortController();
    const ended = run({
      ...program,
      timeoutMs: LONGEST_MS,
      maxOutputBytes: OUTPUT_MAX_BYTES,
      cancel: stopping.signal,
    });
    const since = clock();
    const begun: Served = { jobs, jobIds: [...jobIds], port, since, stopping, ended, usedAt: since };
    await answers(begun).catch((error) => {
      stopping.abort();
      throw error;
    });
    log.info({ port, jobs: jobIds }, 'TensorBoard is served');
    up.add(begun);
    changed(jobs);
    void ended.then(() => {
      up.delete(begun);
      changed(jobs);
    });
    return begun;
  }

  function changed(jobs: readonly JobKey[]): void {
    const keyOf = ({ queue, jobId, enqueuedAt }: JobKey): JobKey => ({ queue, jobId, enqueuedAt });
    deps.kept.set(
      SHOWN,
      [...up].flatMap(({ jobs: shown }) => shown.map(keyOf)),
    );
    deps.onChange(jobs);
  }

  /** Error `queues` where the runs are not of one: each queue's program knows its own only. */
  function queueOf(jobs: readonly Job[]): Serving {
    const all = [...new Map(jobs.map((job) => queues.of(job)).map((queue) => [queue.name, queue])).values()];
    const [queue] = all;
    if (queue && all.length === 1) return queueWith(queue, 'tensorboard');
    throw new BotError(
      'queues',
      `One TensorBoard shows runs of one queue; these are of ${all.map(({ name }) => name).join(' and ')}.`,
      'Ask once for each.',
    );
  }

  /** What is to be served, unless it is already. Errors `elsewhere`, `queues`, `queue-lacks`, `tensorboards`. */
  function wanted(jobs: readonly Job[]) {
    for (const job of jobs) {
      const place = deps.placeOf?.(job);
      if (place)
        throw new BotError(
          'elsewhere',
          `${jobName(job)} writes to ${place.folder}, and this TensorBoard shows run folders alone.`,
          `On the host: tensorboard --logdir ${place.folder}`,
        );
    }
    const queue = queueOf(jobs);
    const jobIds = jobs.map(({ jobId }) => jobId).sort();
    const key = [queue.name, ...jobIds].join(' ');
    if (!served.has(key) && served.size >= AT_MOST)
      throw new BotError(
        'tensorboards',
        `${AT_MOST} TensorBoards are already running.`,
        'Stop them with "tensorboard stop" first.',
      );
    return { queue, jobIds, key };
  }

  async function stopIdle(): Promise<void> {
    for (const [key, starting] of served) {
      const each = await starting.catch(() => null);
      if (!each || served.get(key) !== starting) continue;
      if (isConnected(each.port)) each.usedAt = clock();
      if (clock() - each.usedAt < idleMs) continue;
      log.info({ port: each.port }, 'nobody looks at TensorBoard any more: stopped');
      await end(key);
    }
  }

  async function end(key: string): Promise<void> {
    const starting = served.get(key);
    served.delete(key);
    const each = await starting?.catch(() => null);
    each?.stopping.abort();
    await each?.ended;
  }

  return {
    /** Call at the start: what a process that was killed had open, it shows no more. */
    begin(): void {
      const before = (deps.kept.get(SHOWN) ?? []) as JobKey[];
      if (before.length > 0) changed(before);
    },
    mustOpen(jobs) {
      const { queue, jobIds, key } = wanted(jobs);
      if (!served.has(key)) programOf(queue, jobIds, ANY_PORT);
    },
    async open(jobs: readonly Job[]) {
      const { queue, jobIds, key } = wanted(jobs);
      looking ??= setInterval(stopIdle, lookMs).unref();
      const starting = served.get(key) ?? start(queue, jobs, jobIds);
      served.set(key, starting);
      starting.then(
        ({ ended }) => ended.then(() => served.get(key) === starting && served.delete(key)),
        () => served.get(key) === starting && served.delete(key),
      );
      const { port, since } = await starting;
      return { jobIds, port, since };
    },
    showing(job) {
      const found = [...up].findLast(({ jobs }) => jobs.some((each) => isSameJob(each, job)));
      return found && { jobIds: found.jobIds, port: found.port, since: found.since };
    },
    async stopAll() {
      const keys = [...served.keys()];
      await Promise.all(keys.map(end));
      return keys.length;
    },
    async stop() {
      clearInterval(looking);
      await this.stopAll();
    },
  };
}

export type TensorBoards = ReturnType<typeof createTensorBoards>;

/** Error `no-tensorboard` where there is no program for it. */
function programOf(queue: Serving, jobIds: readonly string[], port: number) {
  const program = queue.tensorboard(jobIds, port);
  if (program) return program;
  throw new BotError('no-tensorboard', 'No xax command was found to run TensorBoard.', 'Set XAX_BIN to it.');
}

/** Resolves when it answers. Error `tensorboard` with its last words when it ends before. */
async function answers({ port, ended }: Served): Promise<void> {
  let result: RunResult | undefined;
  ended.then((found) => {
    result = found;
  });
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    if (result) throw failed(result);
    const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(START_MS) }).catch(
      () => null,
    );
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await sleep(ASK_MS);
  }
  throw new BotError('tensorboard', `TensorBoard did not answer within ${START_MS / 1000} s.`, 'Try again.');
}

function failed({ stdout, stderr, startError }: RunResult): BotError {
  const said = `${stdout.toString('utf8')}\n${stderr}`;
  const last = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-LINES_SHOWN)
    .join(' ');
  return new BotError(
    'tensorboard',
    `TensorBoard did not start: ${startError ?? (last || 'it printed nothing')}`,
    "The run must have a tensorboard folder, and xax's Python the package tensorboard.",
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Whether somebody is, or a moment ago was, connected to a port of this host, by the kernel's own tables
 * (proc(5): local address in hex, state 0A is LISTEN). True where there are none: then only time stops it.
 */
function isConnected(port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  try {
    return ['/proc/net/tcp', '/proc/net/tcp6'].some((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .some(([, address, , state]) => address?.endsWith(local) && state !== '0A'),
    );
  } catch {
    return true;
  }
}
