import { BotError } from '../../core/errors.ts';
import {
  FOLLOWED,
  type FollowedRun,
  type FollowedRunStore,
  followedId,
  isOver,
} from '../../core/followed.ts';
import { isSameJob, type Job, type JobKey } from '../../core/job.ts';
import type { Log } from '../../core/log.ts';
import type { MutationResult, Queue, Snapshot, SnapshotChange } from '../../core/queue.ts';
import type { Clock } from '../../core/time.ts';
import { createJobFiles } from '../job-files.ts';
import { tailJobLog } from '../job-log.ts';
import { logNews } from '../log-news.ts';
import { createFolderOwner } from '../owner.ts';
import { belongsToQueue } from '../ownership.ts';
import { hasOpenBelow } from '../process-facts.ts';
import { createRunFiles } from '../run-files.ts';
import { createLookout, FOLLOWED_TIMINGS } from './ending.ts';
import { createLastWrite } from './last-write.ts';

/** What people, and the stacks, call the file of what a training printed; the first that is there is its log. */
const LOGS = ['logs.txt', 'log.txt', 'train.log', 'training.log', 'output.log', 'stdout.log', 'nohup.out'];

export interface FollowedQueue extends Queue {
  /** Follows one more run from now on. */
  follow(run: Omit<FollowedRun, 'number' | 'end' | 'followedAt'>): JobKey;
  /** No longer; `because` tells who said so. */
  leave(key: JobKey, because: string): MutationResult;
  /** Those that are looked at: what goes on, and what is only guessed to have ended. */
  followed(): { key: JobKey; run: FollowedRun }[];
}

/**
 * Runs that no queue started, as a queue whose jobs they are: each is its folder. Nothing of them is waited for, cancelled or killed
 * from here. What is known of them stays in `runs`, so that a restart goes on without telling anything again.
 */
export function createFollowedQueue(deps: {
  runs: FollowedRunStore;
  /** What child processes get. */
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Log;
  timings?: typeof FOLLOWED_TIMINGS;
}): FollowedQueue {
  const { runs, clock, log, timings = FOLLOWED_TIMINGS } = deps;
  const known = new Map<string, FollowedRun>();
  const jobs = new Map<string, Job>();
  /** Runs at which a look is under way. */
  const looking = new Set<string>();
  const lookouts = new Map<string, ReturnType<typeof createLookout>>();
  const ownerOfFolder = createFolderOwner(deps.env);
  let listener: (change: SnapshotChange) => void = () => {};
  let timer: NodeJS.Timeout | undefined;
  let isStopped = true;
  let readAt = clock();

  function take(run: FollowedRun): Job {
    const job = jobOf(run);
    known.set(job.jobId, run);
    jobs.set(job.jobId, job);
    return job;
  }

  function snapshot(): Snapshot {
    const running = [...jobs.values()].filter(({ status }) => status === 'running');
    return {
      queue: FOLLOWED,
      jobs,
      order: [],
      running: running.map(({ jobId }) => jobId),
      observer: null,
      nextIndex: null,
      isAbsent: false,
      readAt,
    };
  }

  function tell(changed: readonly Job[]): void {
    listener({ snapshot: snapshot(), changed, removed: [], orderChanged: false, observerChanged: false });
  }

  function end(run: FollowedRun, ended: FollowedRun['end']): void {
    runs.setEnd(run.number, ended);
    tell([take({ ...run, end: ended })]);
  }

  function lookoutOf(jobId: string, run: FollowedRun) {
    const lookout =
      lookouts.get(jobId) ??
      createLookout({ lastWrite: createLastWrite(createRunFiles(run.folder)), clock, log, timings });
    lookouts.set(jobId, lookout);
    return lookout;
  }

  /** Each by itself: one whose disk hangs holds up no other. */
  async function lookAt(jobId: string, run: FollowedRun): Promise<void> {
    const change = await lookoutOf(jobId, run).look(run);
    // Meanwhile somebody may have said something else of it.
    if (change && known.get(jobId) === run && !isStopped) end(run, change.end);
  }

  /** One look at a run at a time. */
  function lookNow(): void {
    readAt = clock();
    for (const [jobId, run] of known) {
      if (looking.has(jobId)) continue;
      looking.add(jobId);
      void lookAt(jobId, run)
        .catch((error) => log.warn({ err: error, job: jobId }, 'a followed run was not looked at'))
        .finally(() => looking.delete(jobId));
    }
  }

  const refused = (reason: string) => ({ done: false as const, reason });
  const files = (job: Pick<Job, 'runDir'>) => createRunFiles(job.runDir);

  /** What it printed is one log, whichever of a queue's is asked for. */
  async function logPath(job: Job): Promise<string> {
    for (const name of LOGS) if (await files(job).stat(name)) return name;
    throw new BotError(
      'no-log',
      `There is no log in ${job.runDir}.`,
      `It would be called ${LOGS.join(', ')}.`,
    );
  }

  return {
    name: FOLLOWED,
    kind: 'followed',
    simulated: false,
    beside: true,
    async start(heard) {
      listener = heard;
      isStopped = false;
      for (const run of runs.all()) take(run);
      tell([...jobs.values()]);
      timer = setInterval(lookNow, timings.processMs);
      timer.unref();
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
    },
    snapshot: () => (isStopped ? undefined : snapshot()),
    // What is told of itself is told at once; a disk that hangs is waited for by nobody.
    refresh: async () => lookNow(),
    health: () => ({ ok: true, lastReadAt: readAt }),
    cancel: async () => refused('is only followed, and waits in no queue'),
    kill: async () => refused('is only followed: end it where it was started'),
    readJobLog: async (job, _, lines, before) => tailJobLog(files(job), await logPath(job), lines, before),
    readJobLogNews: async (job, _, lines, after) => logNews(files(job), await logPath(job), lines, after),
    runFiles: files,
    filesIn: createJobFiles,
    workingFolderOf: async () => null,
    ownerOf: (job) => ownerOfFolder(job.runDir),
    // Whose process nobody named writes there.
    ownsProcess: (pid) =>
      belongsToQueue(pid, snapshot()) ||
      [...jobs.values()].some(
        (job) => job.status === 'running' && job.pid === null && hasOpenBelow(pid, job.runDir),
      ),

    follow(asked) {
      const job = take(runs.add({ ...asked, followedAt: clock() / 1000 }));
      tell([job]);
      return { queue: FOLLOWED, jobId: job.jobId, enqueuedAt: job.enqueuedAt };
    },
    leave(key, because) {
      const job = jobs.get(key.jobId);
      const run = known.get(key.jobId);
      if (!run || !isSameJob(job, key)) return refused('is not followed');
      if (isOver(run)) return refused('is not followed any more');
      end(run, { at: run.end?.at ?? clock() / 1000, seen: { by: 'left', because } });
      return { done: true };
    },
    followed: () =>
      [...known].flatMap(([jobId, run]) => {
        const { queue, enqueuedAt } = jobs.get(jobId)!;
        return isOver(run) ? [] : [{ key: { queue, jobId, enqueuedAt }, run }];
      }),
  };
}

function jobOf({ number, folder, task, process, followedAt, startedAt, end }: FollowedRun): Job {
  return {
    queue: FOLLOWED,
    jobId: followedId(number),
    enqueuedAt: followedAt,
    taskKey: task,
    launcher: '',
    pythonExecutable: '',
    status: end ? 'ended' : 'running',
    runDir: folder,
    stageDir: '',
    configPath: '',
    observerLogPath: '',
    startedAt,
    endedAt: end?.at ?? null,
    pid: process?.pid ?? null,
    processGroupId: null,
    childPids: [],
    oomDetected: false,
    returnCode: null,
    error: null,
    ...(end ? { seen: end.seen } : {}),
  };
}
