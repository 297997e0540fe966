import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { BotError } from '../../core/errors.ts';
import type { Job } from '../../core/job.ts';
import type { Log } from '../../core/log.ts';
import type {
  JobLogKind,
  LaunchRequest,
  LaunchResult,
  QueueWith,
  RunFiles,
  Snapshot,
} from '../../core/queue.ts';
import type { Clock } from '../../core/time.ts';
import { run as runHere } from '../../processes/run.ts';
import { homesHere, placed } from '../homes.ts';
import { tailJobLog } from '../job-log.ts';
import { logNews } from '../log-news.ts';
import { createRunFiles } from '../run-files.ts';
import { ACT_TIMINGS, cancelJob, killJob } from './act.ts';
import { slurmEnvironment, submitEnvironment } from './environment.ts';
import { LAUNCH_TIMINGS, launchJob, resourceOptions } from './launch.ts';
import { createLives } from './lives.ts';
import { logPathOf } from './logs.ts';
import { moveJob } from './move.ts';
import type { Run } from './programs.ts';
import { quoted } from './script.ts';
import { startOfOneMore } from './starts.ts';
import { steerJob } from './steer.ts';
import { findUsers, marksOf, type Users, unknownUsers } from './users.ts';
import { createWatch, SLURM_TIMINGS, type SlurmTimings, type Watch } from './watch.ts';

export interface SlurmQueueOptions {
  name: string;
  /** Whose jobs are followed; undefined: those of the user that runs the bot. */
  users: readonly string[] | undefined;
  /** Where run folders of presets go, from each one's folder. */
  runs: string;
  /** What child processes get: none of the bot's own variables. */
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Log;
  /** How Slurm's programs are run; by default on this host. */
  run?: Run;
  timings?: Partial<SlurmTimings & typeof ACT_TIMINGS & typeof LAUNCH_TIMINGS>;
}

export type SlurmQueue = QueueWith<'launch' | 'move' | 'steer'>;

/** The jobs that one user, or some, have in a Slurm cluster, as its own programs tell of them and change them. */
export function createSlurmQueue(options: SlurmQueueOptions): SlurmQueue {
  const { name, clock, log, run = runHere } = options;
  const env = slurmEnvironment(options.env);
  const timings = { ...SLURM_TIMINGS, ...ACT_TIMINGS, ...LAUNCH_TIMINGS, ...options.timings };
  const readHomes = homesHere(options.env);
  let users: Users | undefined;
  let watch: Watch | undefined;

  /** What is not the job's user's is as if it were not there: whoever submits a job names the files that it writes. */
  const filesIn = (folder: string, job: Pick<Job, 'user'>): RunFiles =>
    createRunFiles(folder, async () => users?.uidOf(job.user ?? '') ?? null);

  async function begin(): Promise<Watch> {
    users ??= await findUsers(run, env, options.users);
    const { names } = users;
    const lives = createLives(name, new Set(names));
    return createWatch({
      ...{ name, users: names, lives, run, env, clock, log, timings },
      filesOf: (life) => (life.details?.runDir ? filesIn(life.details.runDir, life) : null),
    });
  }

  function watching(): Watch {
    if (watch) return watch;
    throw new BotError('queue-state', 'The queue has not been read yet.');
  }

  const acting = () => ({ watch: watching(), run, env, me: () => users?.me ?? userInfo().username, timings });

  async function launch(request: LaunchRequest, onLine: (line: string) => void): Promise<LaunchResult> {
    const { position } = request;
    if (position !== undefined && !(Number.isSafeInteger(position) && position >= 1))
      return {
        done: false,
        reason: `there is no position ${position} in the queue: positions are whole numbers from 1`,
        lastLines: [],
      };
    const result = await launchJob(await placed(request, readHomes), onLine, {
      ...{ run, clock, timings },
      env: submitEnvironment(options.env),
      runsFolder: options.runs,
    });
    if (!result.done) return result;
    const { jobId } = result.job;
    const isThere = await watching().until(({ jobs }) => jobs.has(jobId), timings.seenWithinMs);
    // Why it waits is known once the scheduler has looked at it.
    const isJudged = ({ jobs }: Snapshot) =>
      jobs.get(jobId)?.status !== 'queued' || jobs.get(jobId)?.scheduler?.reason != null;
    if (isThere) await watching().until(isJudged, timings.judgedWithinMs);
    const job = isThere ? watching().snapshot()?.jobs.get(jobId) : undefined;
    if (job && position !== undefined && job.status === 'queued') {
      const moved = await moveJob(job, position, acting());
      if (!moved.done) onLine(`It ${moved.reason}`);
      onLine(`Queued ${jobId} (${job.taskKey}) at ${job.runDir}`);
    }
    return { done: true, job: { ...result.job, enqueuedAt: job?.enqueuedAt ?? null } };
  }

  /** It prints to one file, whichever of a queue's logs is asked for. */
  function logOf(job: Job, _kind: JobLogKind): { files: RunFiles; path: string } {
    const path = logPathOf(job, job.task);
    if (path === '') throw new BotError('no-log', `Slurm does not say where ${job.jobId} prints to.`);
    const told = watch?.logPathOf(job);
    if (told !== undefined && told !== job.observerLogPath)
      throw new BotError('run-file', `${path} is not where ${job.jobId} prints to.`, 'It is not read.');
    return { files: filesIn(dirname(path), job), path };
  }

  return {
    name,
    kind: 'slurm',
    simulated: false,
    async start(listener, known = []) {
      watch ??= await begin();
      await watch.start(listener, known);
    },
    async stop() {
      watch?.stop();
    },
    snapshot: () => watch?.snapshot(),
    refresh: async () => watching().look(),
    health() {
      const health = watch?.health() ?? { ok: true, lastReadAt: null };
      const wrong = users && unknownUsers(users);
      return health.ok && wrong ? { ...health, caution: `${wrong.problem}; ${wrong.mend}` } : health;
    },
    cancel: (key) => cancelJob(key, acting()),
    kill: (key, kill) => killJob(key, kill, acting()),
    move: (key, position) => moveJob(key, position, acting()),
    steer: (key, action) => steerJob(key, action, acting()),
    launch,
    marks: async () => (users ? marksOf(users, env) : null),
    placed: readHomes,
    startOf: (resources = {}) => startOfOneMore(resources, { run, env, now: clock() / 1000 }),
    commandFor: (words, resources = {}) =>
      ['sbatch', ...resourceOptions(resources).map(quoted), `--wrap=${quoted(words)}`].join(' '),
    readJobLog: async (job, kind, lines, before) => {
      const { files, path } = logOf(job, kind);
      return tailJobLog(files, path, lines, before);
    },
    readJobLogNews: async (job, kind, lines, after) => {
      const { files, path } = logOf(job, kind);
      return logNews(files, path, lines, after);
    },
    runFiles: (job) => filesIn(job.runDir, job),
    filesIn: (job, folder) => filesIn(folder, job),
    workingFolderOf: async (job) => watch?.workDirOf(job) ?? null,
    // They run on the cluster's nodes.
    ownsProcess: () => false,
    ownerOf: async (job) => job.user ?? null,
  };
}
