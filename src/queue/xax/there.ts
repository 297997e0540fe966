import { readFileSync } from 'node:fs';
import { BotError } from '../../core/errors.ts';
import type { Job, JobKey } from '../../core/job.ts';
import type { Log } from '../../core/log.ts';
import type {
  LaunchRequest,
  LaunchResult,
  Marks,
  Queue,
  QueueCapability,
  QueueWith,
  Snapshot,
} from '../../core/queue.ts';
import type { Clock } from '../../core/time.ts';
import type { Answer, CONNECTION_TIMINGS, Connection, Question } from '../../hosts/connection.ts';
import { createHost, type HOST_TIMINGS, type Host, type HostFacts } from '../../hosts/host.ts';
import { createLooks } from '../../hosts/looks.ts';
import { runThere } from '../../hosts/run-there.ts';
import { type SshPlace, sshCommand } from '../../hosts/ssh-arguments.ts';
import type { RunRequest, RunResult } from '../../processes/run.ts';
import { createFilesThere } from '../files-there.ts';
import { homesThere, placed } from '../homes.ts';
import { tailJobLog } from '../job-log.ts';
import { logNews } from '../log-news.ts';
import { beganBefore } from '../process-facts.ts';
import { type EditDeps, editJob } from './edit.ts';
import { TASK_LOG } from './files.ts';
import { type KILL_TIMINGS, killJob } from './kill.ts';
import { checkRequest, failed, launched, launchQueued, noObserver } from './launch.ts';
import { START_COMMAND } from './observer-service.ts';
import type { Programs } from './programs.ts';
import { binProblem, programsThere } from './programs-there.ts';
import { createRemoteSignals } from './remote-signals.ts';
import { createRemoteSource } from './remote-source.ts';
import { createQueueView } from './view.ts';

/** What can be done with a queue of another host. */
export const THERE_CAPABILITIES = ['launch', 'move'] as const satisfies readonly QueueCapability[];

/** How often the observer's heartbeat is judged while nothing is told, milliseconds. */
const HEARTBEAT_MS = 5_000;
/** How often it is looked at whether the xax command is there that the settings name, milliseconds. */
const BIN_LOOK_MS = 60_000;
/** How long the first look at it may take, milliseconds. */
const ANSWERED = { withinMs: 15_000 };
const SCRIPT = new URL('./edit_queue.py', import.meta.url);

export interface XaxThereOptions {
  name: string;
  place: SshPlace;
  /** The queue's folder there; undefined: the one that a login has. */
  home: string | undefined;
  /** The xax command there; else its PATH and the newest jobs are asked. */
  xaxBin: string | undefined;
  runs?: string | undefined;
  /** What the ssh client gets. */
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Log;
  kill?: Partial<typeof KILL_TIMINGS>;
  timings?: Partial<typeof HOST_TIMINGS>;
  connection?: Partial<typeof CONNECTION_TIMINGS>;
  /** How long it may be lost before the queue is said to be unreadable, milliseconds. */
  lostMs?: number;
}

export interface XaxThere extends QueueWith<(typeof THERE_CAPABILITIES)[number]> {
  /** What its host said of itself last; undefined before it was reached. */
  facts(): HostFacts | undefined;
  /** How far the clock there is ahead of ours, seconds. */
  ahead(): number;
  /** The queue's folder there; error `host-unreachable` before it is known. */
  home(): string;
  /** What can be run there of the queue's own xax. */
  programs(): Promise<Programs>;
  marks(): Promise<Marks | null>;
  /** Runs there what changes nothing. */
  run(request: RunRequest): Promise<RunResult>;
}

/** Where a process works, and when it began, epoch seconds. */
interface WorkingFolder {
  startedAt: number;
  folder: string;
}

/** The xax queue of another host, over ssh: watched and changed there by what createXaxQueue does here. */
export function createXaxThere(options: XaxThereOptions): XaxThere {
  const { name, place, env, clock, log } = options;
  /** Nothing is looked at before the listener is there. */
  let isFollowed = false;
  let coalesced: NodeJS.Immediate | undefined;
  let heartbeats: NodeJS.Timeout | undefined;
  let binLooks: NodeJS.Timeout | undefined;
  /** Why the xax command that the settings name is not used. */
  let caution: string | undefined;
  let marks: Marks | null = null;

  const source = createRemoteSource({
    name,
    home,
    onChange() {
      looks.outdate();
      lookSoon();
    },
    ahead: () => host.ahead(),
    now: clock,
    lostMs: options.lostMs,
    unreached() {
      const state = host.state();
      return state.isUp || state.problem === null ? null : { problem: state.problem, since: state.since };
    },
  });
  const host: Host = createHost({
    place,
    env,
    clock,
    log,
    onUp: (connection) =>
      Promise.all([
        source.follow(connection),
        lookAtBin((question) => connection.ask(question, ANSWERED)),
        findMarks(connection),
      ]),
    onChange: lookSoon,
    timings: options.timings,
    connection: options.connection,
  });
  const looks = createLooks(host);
  const view = createQueueView({ name, source: source.source, clock, log });
  const signals = createRemoteSignals({ host, home, readNow });

  async function lookAtBin(ask: (question: Question) => Promise<Answer> = host.ask): Promise<void> {
    if (options.xaxBin === undefined) return;
    caution = await binProblem({ ask, facts: host.facts }, options.xaxBin);
  }

  async function findMarks(connection: Connection): Promise<void> {
    const { ok } = await connection.ask({ do: 'mark', folder: home() }, ANSWERED);
    const { mark, folder } = ok as { mark: string; folder: string };
    marks = new Map([[mark, `${folder} on ${host.facts()?.host}`]]);
  }

  function lookSoon(): void {
    if (isFollowed)
      coalesced ??= setImmediate(() => {
        coalesced = undefined;
        view.look();
      });
  }

  /** Where nobody names it, the login's; error `host-unreachable` before that is known. */
  function home(): string {
    const there = host.facts();
    const folder = options.home ?? there?.queue;
    if (!folder)
      throw new BotError(
        'host-unreachable',
        `Which folder the queue on ${place.host} has is not known: it was not reached yet.`,
      );
    return there ? folder.replace(/^~(?=\/|$)/, there.home) : folder;
  }

  /** For whoever is about to change it, or waits for what became of that. */
  async function readNow(): Promise<Snapshot> {
    await host.wanted();
    await source.look();
    return view.readNow();
  }

  const startedBy = sshCommand(place, START_COMMAND);
  const readHomes = homesThere(host);
  const runChange = (request: RunRequest) =>
    runThere(host, { ...request, isChange: true }).finally(() => looks.outdate());

  async function find(program: string): Promise<string | undefined> {
    return ((await host.ask({ do: 'find', name: program })).ok as string | null) ?? undefined;
  }

  async function programs(jobId?: string): Promise<Programs> {
    return programsThere(host, jobId, view.snapshot(), options.xaxBin ?? (await find('xax')));
  }

  async function editDeps(job: Pick<JobKey, 'jobId'>): Promise<EditDeps> {
    return {
      home: home(),
      env: { XAX_HOME: home() },
      ...(await programs(job.jobId)),
      readNow,
      run: runChange,
      script: (python) => [python, '-P', '-c', readFileSync(SCRIPT, 'utf8')],
    };
  }

  async function edit(key: JobKey, change: Parameters<typeof editJob>[1]) {
    return editJob(key, change, () => editDeps(key));
  }

  async function launch(asked: LaunchRequest, onLine: (line: string) => void): Promise<LaunchResult> {
    const request = await placed(asked, readHomes);
    const there = {
      run: runChange,
      isFile: async (path: string) => (await host.ask({ do: 'isFile', path })).ok === true,
    };
    const problem = await checkRequest(request, there);
    if (problem !== null) return failed(problem);
    if (!(await readNow()).observer?.active) return noObserver(startedBy);
    const result = await launchQueued(request, { XAX_HOME: home() }, onLine, there);
    if (!result.done) return result;
    // It is queued, whether or not it can be seen at once.
    await source.look().catch(() => {});
    view.look({ force: true });
    return launched(result, view.snapshot());
  }

  const files = (job: Pick<Job, 'runDir'>) => createFilesThere(looks, job.runDir);
  const logOf = (job: Job, kind: Parameters<Queue['readJobLog']>[1]) =>
    kind === 'observer' ? job.observerLogPath : TASK_LOG;

  return {
    name,
    kind: 'xax',
    simulated: false,
    startedBy,
    async start(listener) {
      host.start();
      await host.tried();
      view.follow(listener);
      isFollowed = true;
      heartbeats = setInterval(() => view.look(), HEARTBEAT_MS);
      heartbeats.unref();
      // Whatever keeps the host from answering, the queue's health says.
      binLooks = setInterval(() => void lookAtBin().catch(() => {}), BIN_LOOK_MS);
      binLooks.unref();
    },
    async stop() {
      isFollowed = false;
      clearInterval(heartbeats);
      clearInterval(binLooks);
      clearImmediate(coalesced);
      view.unfollow();
      await host.stop();
    },
    snapshot: view.snapshot,
    async refresh() {
      await source.look();
      view.look({ force: true });
    },
    health() {
      const health = view.health();
      return health.ok && caution !== undefined ? { ...health, caution } : health;
    },
    move: (key, position) => edit(key, { action: 'move', position }),
    cancel: (key) => edit(key, { action: 'cancel' }),
    kill: (key, kill) => killJob(key, kill, { readNow, signals, timings: options.kill }),
    launch,
    marks: async () => marks,
    placed: readHomes,
    async readJobLog(job, kind, lines, before) {
      await host.wanted();
      return tailJobLog(files(job), logOf(job, kind), lines, before);
    },
    async readJobLogNews(job, kind, lines, after) {
      await host.wanted();
      return logNews(files(job), logOf(job, kind), lines, after);
    },
    runFiles: files,
    runsIn: options.runs,
    filesIn: ({ runDir }, folder) => createFilesThere(looks, folder, runDir),
    async workingFolderOf({ pid, startedAt }) {
      if (pid === null || startedAt === null) return null;
      const found = (await host.ask({ do: 'workingFolder', pid })).ok as WorkingFolder | null;
      return found && !beganBefore(found, startedAt) ? found.folder : null;
    },
    async ownerOf({ runDir }) {
      return (await host.ask({ do: 'owner', folder: runDir })).ok as string | null;
    },
    // Its processes are on another host.
    ownsProcess: () => false,
    facts: host.facts,
    ahead: host.ahead,
    home,
    programs,
    run: (request) => runThere(host, request),
  };
}
