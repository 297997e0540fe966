/** `ended`: it is over, or seems to be, and nothing tells how: with what exit code, by whose will. */
export const JOB_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled', 'ended'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** What tells one job from every other: xax numbers from 1 again when its state file is deleted. */
export interface JobKey {
  queue: string;
  jobId: string;
  /** Epoch seconds, exactly the number xax wrote. */
  enqueuedAt: number;
}

/** Of a job that `ended`: what tells that it has. */
export interface EndSeen {
  /**
   * `gone`: what ran, or every record of it, is not there any more. `silent`: it has long written nothing, which is a guess.
   * `left`: nobody follows it any more. `requeued`: its queue put it back, and it goes on as another job of the same id.
   */
  by: 'gone' | 'silent' | 'left' | 'requeued';
  /** What was seen, in words that go behind a colon; no `;` is among them: `its process 4242 is gone`. */
  because: string;
}

/** A job, or one of an array's tasks alone. */
export type JobMeant = JobKey & { task?: number };

/** What a scheduler itself calls a job's state, and why it is in it, both as they may be shown: `PENDING`, `Resources`. */
export interface SchedulerWord {
  state: string;
  reason: string | null;
  /** For that reason it waits for ever, unless somebody changes something. */
  never?: true;
}

/** States of an array's tasks; `unknown`: it ended, and nobody knows how. */
export const TASK_STATES = ['waiting', 'running', 'completed', 'failed', 'cancelled', 'unknown'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** Of a job array: how many of its tasks are in which state, and which ones by their numbers, `0-6,8`; no text where none is. */
export interface ArrayTasks extends Record<TaskState, number> {
  total: number;
  which: Partial<Record<TaskState, string>>;
  /** Absent where nobody knows on how many GPUs they run. */
  times?: TaskTimes;
}

/** How long an array's tasks ran, and on how many GPUs each. */
export interface TaskTimes {
  gpus: number;
  /** What those took together that are over, seconds. */
  seconds: number;
  /** How many run, and the sum of when they began, epoch seconds. */
  running: { count: number; since: number };
  /** Of so many nobody knows how long they ran. */
  untimed: number;
}

/** A job as the queue tells it. Times are epoch seconds, exactly the numbers xax wrote. */
export interface Job extends JobKey {
  taskKey: string;
  launcher: string;
  pythonExecutable: string;
  status: JobStatus;
  runDir: string;
  stageDir: string;
  configPath: string;
  observerLogPath: string;
  startedAt: number | null;
  endedAt: number | null;
  pid: number | null;
  processGroupId: number | null;
  childPids: readonly number[];
  oomDetected: boolean;
  returnCode: number | null;
  error: string | null;
  /** Of one that `ended`. */
  seen?: EndSeen;
  /** Of a queue that a scheduler runs. */
  scheduler?: SchedulerWord;
  /** Of a job array. */
  tasks?: ArrayTasks;
  /** How often its queue had put it back before: 1 is the second life of one id. Absent: never. */
  restarts?: number;
  /** Its user's name, where the queue says that. */
  user?: string;
  /** How many GPUs it was given, where its queue says that; of an array its tasks' times say it. */
  gpusGiven?: number;
  /** Which of its tasks is meant, where somebody named one: it is kept nowhere. */
  task?: number;
  /** What people call it where there are several queues, `gpu-02/job-0000007`; absent: its id. */
  name?: string;
}

/** That a job waits for ever and why, in words behind its name: `waits for ever: BadConstraints`; undefined where it may start. */
export function waitsForEver({ status, scheduler }: Pick<Job, 'status' | 'scheduler'>): string | undefined {
  return status === 'queued' && scheduler?.never ? `waits for ever: ${scheduler.reason}` : undefined;
}

/** Whether an end is only guessed, and taken back where the run goes on. */
export function isGuess(seen: Pick<EndSeen, 'by'> | undefined): boolean {
  return seen?.by === 'silent';
}

/** A job as people name it: by its id, with its queue before it where there are several. Of a key, `Queues.nameOf` tells it. */
export function jobName({ jobId, name, task }: Job): string {
  return `${name ?? jobId}${taskSuffix({ task })}`;
}

/** What stands behind an array's id for one of its tasks: `_7`. */
function taskSuffix({ task }: { task?: number | undefined }): string {
  return task === undefined ? '' : `_${task}`;
}

/** The same by its parts; `queue` is undefined where there is one queue. */
export function nameIn(queue: string | undefined, jobId: string): string {
  return queue === undefined ? jobId : `${queue}/${jobId}`;
}

export function isEnded(status: JobStatus): boolean {
  return status !== 'queued' && status !== 'running';
}

/**
 * Seconds a job ran; null while it has not ended, if it never began, and where its end lies before its start: the
 * host's clock was set back meanwhile, and nobody knows.
 */
export function secondsRun({ startedAt, endedAt }: Pick<Job, 'startedAt' | 'endedAt'>): number | null {
  if (startedAt === null || endedAt === null || endedAt < startedAt) return null;
  return endedAt - startedAt;
}

/**
 * Whether it is the job that is named: by queue, id and enqueue time, as ids are given out again when a queue's state is
 * begun anew, and by every queue.
 */
export function isSameJob(job: JobKey, key: JobKey): boolean;
export function isSameJob<T extends JobKey>(job: T | null | undefined, key: JobKey): job is T;
export function isSameJob(job: JobKey | null | undefined, key: JobKey): boolean {
  return job?.jobId === key.jobId && job.enqueuedAt === key.enqueuedAt && job.queue === key.queue;
}

/** One string for a job's key, also what buttons carry: `gpu1/job-0000007@1795446972.123`. */
export function jobKeyText({ queue, jobId, enqueuedAt, task }: JobKey & Pick<Job, 'task'>): string {
  return `${queue}/${jobId}${taskSuffix({ task })}@${enqueuedAt}`;
}

/** A status for lists, in a word or two: what is only guessed, or not looked at any more, says so. */
export function statusWords({ status, seen }: Pick<Job, 'status' | 'seen'>): string {
  if (isGuess(seen)) return `${status}?`;
  if (seen?.by === 'requeued') return 'put back';
  return seen?.by === 'left' ? 'not followed' : status;
}

/** Names with dots between, as Python names a class; a script's file is named so too. */
const DOTTED = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;
const SCRIPT = /\.(?:py|sh|bash|zsh|jl|r|pl)$/i;

/** The last part of a task key, `ToyRegression` of `examples.toy.ToyRegression`; any other name, as of a scheduler's job, is whole. */
export function taskName(taskKey: string): string {
  return DOTTED.test(taskKey) && !SCRIPT.test(taskKey)
    ? taskKey.slice(taskKey.lastIndexOf('.') + 1)
    : taskKey;
}

const KEY_TEXT = /^(.+)\/([^/@]+)@(\d+(?:\.\d+)?)$/;

/** The key that `jobKeyText` wrote; undefined for any other text. */
export function parseJobKey(text: string): JobKey | undefined {
  const match = KEY_TEXT.exec(text);
  return match ? { queue: match[1]!, jobId: match[2]!, enqueuedAt: Number(match[3]) } : undefined;
}

/** A value of buttons for people's eyes: jobs by their names, as the rest of a key means nothing to them; other text as it is. */
export function withNames(value: string, nameOf: (job: JobKey) => string): string {
  const keys = value.split(' ').map(parseJobKey);
  return keys.every((key) => key !== undefined) ? keys.map(nameOf).join(' ') : value;
}

/** xax pads its counter to seven digits (xax/utils/launcher/queue_state.py of 0.4.9). */
const NUMBER_DIGITS = 7;
const NUMBER = /^(?:job-?)?0*(\d+)$/i;

/** A run that no queue started (src/core/followed.ts). */
const FOLLOWED_ID = /^run-0*([1-9]\d*)$/i;

/** The id that people mean by `7`, `job-7` or `job-0000007`, or by `run-3`; undefined for any other text. */
export function jobIdMeant(text: string): string | undefined {
  const followed = FOLLOWED_ID.exec(text.trim())?.[1];
  if (followed !== undefined) return `run-${followed}`;
  const number = NUMBER.exec(text.trim())?.[1];
  return number === undefined ? undefined : `job-${number.padStart(NUMBER_DIGITS, '0')}`;
}

/** An array's id and the number of one of its tasks, `4711_7`; undefined for any other text. */
export function taskMeant(text: string): { jobId: string; task: number } | undefined {
  const match = /^(\d{1,10})_(\d{1,7})$/.exec(text.trim());
  return match ? { jobId: `${Number(match[1])}`, task: Number(match[2]) } : undefined;
}

/** The ids that people may mean by a word, by whatever a queue calls its jobs: `job-0000007` and `7` of a plain number. */
export function jobIdsMeant(text: string): string[] {
  const padded = jobIdMeant(text);
  const plain = /^0*(\d{1,10})$/.exec(text.trim())?.[1] ?? taskMeant(text)?.jobId;
  return [padded, plain].filter((id) => id !== undefined);
}
