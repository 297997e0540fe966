import { readlink } from 'node:fs/promises';
import { BotError } from '../../core/errors.ts';
import type { Job, JobKey } from '../../core/job.ts';
import type { Log } from '../../core/log.ts';
import type { LaunchRequest, LaunchResult, QueueCapability, QueueWith } from '../../core/queue.ts';
import type { Clock } from '../../core/time.ts';
import { watchFolder } from '../../files/watch-folder.ts';
import { findProgram } from '../../processes/find-program.ts';
import { homesHere, placed } from '../homes.ts';
import { createJobFiles } from '../job-files.ts';
import { tailJobLog } from '../job-log.ts';
import { logNews } from '../log-news.ts';
import { createFolderOwner } from '../owner.ts';
import { belongsToQueue } from '../ownership.ts';
import { beganBefore, processFacts } from '../process-facts.ts';
import { createRunFiles } from '../run-files.ts';
import { controlObserver, observerRefusal } from './control-observer.ts';
import { editJob } from './edit.ts';
import { OBSERVER_FILE, STATE_FILE, TASK_LOG } from './files.ts';
import { folderMarks } from './folder-marks.ts';
import { type KILL_TIMINGS, killJob } from './kill.ts';
import { checkRequest, failed, launched, launchQueued, noObserver } from './launch.ts';
import { createLocalSignals } from './local-signals.ts';
import { createLocalSource } from './local-source.ts';
import { START_COMMAND } from './observer-service.ts';
import { programsFor } from './programs.ts';
import { readReservations } from './reservations.ts';
import { createQueueView } from './view.ts';

export interface XaxQueueOptions {
  name: string;
  /** The queue's folder. */
  home: string;
  /** The xax command; else the newest job's Python is asked. */
  xaxBin: string | undefined;
  runs?: string | undefined;
  /** What child processes get: none of the bot's own variables. */
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Log;
  /** How often the files are polled in addition to being watched, milliseconds. */
  pollMs?: number;
  kill?: Partial<typeof KILL_TIMINGS>;
}

export type XaxQueue = QueueWith<Exclude<QueueCapability, 'steer'>>;

/** The xax queue of this host, read from its files and changed under its own lock. */
export function createXaxQueue(options: XaxQueueOptions): XaxQueue {
  const { name, home, xaxBin, log } = options;
  const { source, again } = createLocalSource(options);
  const view = createQueueView({ ...options, source });
  const env = { ...options.env, XAX_HOME: home };
  const ownerOfFolder = createFolderOwner(env);
  const signals = createLocalSignals({ home, readNow: view.readNow });
  const readHomes = homesHere(env);
  let watcher: { stop(): void } | undefined;
  let next: NodeJS.Timeout | undefined;

  /** Looks, and comes back for what of a large state is yet to be compared. */
  function look(): void {
    clearTimeout(next);
    view.look();
    const soon = again();
    next = soon === null ? undefined : setTimeout(look, soon).unref();
  }

  /** What changes the queue, by the Python of a job where one is named. */
  function editDeps(job?: Pick<JobKey, 'jobId'>) {
    return { home, env, ...programsFor(job?.jobId, view.snapshot(), xaxBin), readNow: view.readNow };
  }

  async function launch(asked: LaunchRequest, onLine: (line: string) => void): Promise<LaunchResult> {
    const request = await placed(asked, readHomes);
    const problem = await checkRequest(request);
    if (problem !== null) return failed(problem);
    view.look({ force: true });
    if (!view.snapshot()?.observer?.active) return noObserver(START_COMMAND);
    const result = await launchQueued(request, env, onLine);
    if (!result.done) return result;
    view.look({ force: true });
    return launched(result, view.snapshot());
  }

  return {
    name,
    kind: 'xax',
    simulated: false,
    startedBy: START_COMMAND,
    async start(listener) {
      // Watched first: what changes between the first reading and the watch would be seen late.
      watcher = watchFolder({
        folder: home,
        names: [STATE_FILE, OBSERVER_FILE],
        pollMs: options.pollMs,
        onChange: look,
        log,
      });
      view.follow(listener);
    },
    async stop() {
      watcher?.stop();
      clearTimeout(next);
      view.unfollow();
    },
    snapshot: view.snapshot,
    async refresh() {
      view.look({ force: true });
    },
    health: view.health,
    move: (key, position) => editJob(key, { action: 'move', position }, () => editDeps(key)),
    cancel: (key) => editJob(key, { action: 'cancel' }, () => editDeps(key)),
    kill: (key, kill) => killJob(key, kill, { readNow: view.readNow, signals, timings: options.kill }),
    launch,
    marks: () => folderMarks(home),
    placed: readHomes,
    readJobLog: (job: Job, kind, lines, before) =>
      tailJobLog(
        createRunFiles(job.runDir),
        kind === 'observer' ? job.observerLogPath : TASK_LOG,
        lines,
        before,
      ),
    readJobLogNews: (job: Job, kind, lines, after) =>
      logNews(createRunFiles(job.runDir), kind === 'observer' ? job.observerLogPath : TASK_LOG, lines, after),
    runFiles: (job) => createRunFiles(job.runDir),
    runsIn: options.runs,
    filesIn: createJobFiles,
    workingFolderOf: async ({ pid, startedAt }) => {
      const facts = pid === null ? undefined : processFacts(pid);
      // A number that somebody else's process has by now.
      if (!facts || startedAt === null || beganBefore(facts, startedAt)) return null;
      return readlink(`/proc/${pid}/cwd`).catch(() => null);
    },
    tensorboard(jobIds, port) {
      const [first = ''] = jobIds;
      const { xaxCommand: command, distrust } = editDeps({ jobId: first });
      if (!command && distrust !== undefined) throw new BotError('no-tensorboard', distrust);
      return command && { argv: [...command, 'queue', 'tensorboard', ...jobIds, '--port', `${port}`], env };
    },
    observer: {
      // xax starts its observer as a user service, and in no other way.
      canStart: findProgram('systemctl', env, process.cwd()) !== undefined,
      refusal: (request) => observerRefusal(request, { home, env, readNow: view.readNow }),
      control: (request) => controlObserver(request, editDeps()),
    },
    gpus: {
      async reservations() {
        view.look({ force: true });
        return readReservations({ home, env, observer: view.snapshot()?.observer ?? null });
      },
    },
    ownsProcess(pid) {
      const snapshot = view.snapshot();
      return snapshot !== undefined && belongsToQueue(pid, snapshot);
    },
    ownerOf: (job) => ownerOfFolder(job.runDir),
  };
}
