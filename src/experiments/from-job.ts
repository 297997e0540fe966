import type { ExperimentColumn, ExperimentRow } from '../core/experiment.ts';
import { isFollowed, isSign } from '../core/followed.ts';
import { type EndSeen, isGuess, JOB_STATUSES, type Job } from '../core/job.ts';
import { logStatus } from '../core/log-status.ts';
import { isoSeconds } from '../core/time.ts';

/**
 * What xax writes into a job's `error` (xax/cli/queue.py and xax/utils/launcher/queue_state.py of 0.4.9), and the
 * original sync's own words. The whole text must match: a person who adds to it has made it theirs.
 */
const LEAK = 'Leaked subprocesses after job exit: [\\d, [\\](){}]+';
const ENDINGS = [
  'return_code=(-?\\d+|None)',
  '(Process e|E)xited with return code -?\\d+',
  'Terminated by signal \\d+',
  'Cancelled before execution',
  'CUDA OOM detected: .*',
  'Recovered orphaned running job( while observer stopping)?',
  'Recovered stale running job while observer restarted',
  'Recovered stale running process tree from previous observer session',
  'Queue stopped while job was running',
];
const MACHINE_RESULT = new RegExp(`^((${ENDINGS.join('|')})(; ${LEAK})?|${LEAK})$`);
/** How the words begin by which a row says that nobody knows how its run ended. */
const UNKNOWN = 'outcome unknown: ';
const GUESSED = `${UNKNOWN}it may have ended, as `;

/** xax's launchers: the original sync writes the job's into notes. */
const LAUNCHERS = new Set(['single', 'multi', 'multi_cpu', 'dataset']);

/** Statuses that follow from the queue; any other one is a person's. */
const JOBS_STATUSES: ReadonlySet<string> = new Set(JOB_STATUSES.map(logStatus));
const QUEUE_STATUSES: ReadonlySet<string> = new Set(['', 'planned', ...JOBS_STATUSES]);
/** All that is ever known of a run that no queue started. How it ended, only a person can say. */
const FOLLOWED_STATUSES: ReadonlySet<string> = new Set([
  '',
  'planned',
  ...(['running', 'ended'] as const).map(logStatus),
]);

/** What a machine may write of this very job, whatever words an xax to come has for it. */
export type MachineWords = Pick<Job, 'error' | 'launcher'> & { queue?: string };

/**
 * Whether a field's text is one that a machine derives: such text never replaces a person's words. `job`: the row's,
 * where it has one.
 */
export function isMachineText(column: ExperimentColumn, text: string, job?: MachineWords): boolean {
  if (text === '') return true;
  if (column === 'result_summary')
    return text === job?.error || MACHINE_RESULT.test(text) || isUnknownEnd(text, job);
  return column === 'notes' && (text === job?.launcher || LAUNCHERS.has(text));
}

/**
 * Whether a text says that nobody knows how a run ended, in a machine's words. Of a run that is only followed a person may know, and
 * say it in words that begin alike; there it is one of ours alone.
 */
function isUnknownEnd(text: string, job: { queue?: string | undefined } | undefined): boolean {
  const begins = [GUESSED, UNKNOWN].find((words) => text.startsWith(words));
  if (begins === undefined) return false;
  const because = text.slice(begins.length);
  return isOnlyFollowed(job) ? isSign(because) : !/[;\n]/.test(because);
}

function isOnlyFollowed(job: { queue?: string | undefined } | undefined): boolean {
  return job?.queue !== undefined && isFollowed({ queue: job.queue });
}

/**
 * Whether a status is a person's word (superseded, one of their own, or how a run ended that was only followed), which is not
 * overruled. `job`: the row's, where it has one.
 */
export function isPersonsStatus(status: string, job?: { queue?: string | undefined }): boolean {
  return !(isOnlyFollowed(job) ? FOLLOWED_STATUSES : QUEUE_STATUSES).has(status);
}

/** Whether a status is what the queue says of a job, which the original sync writes. */
export function isQueueStatus(status: string): boolean {
  return JOBS_STATUSES.has(status);
}

/**
 * Whether `text` may be written over `current`: nothing of a person's stands there. What an out-of-memory line ends
 * with cannot be told from words that a person put behind it, so a text that continues the new one is theirs.
 */
export function mayReplace(
  column: ExperimentColumn,
  current: string,
  text: string,
  job?: MachineWords,
): boolean {
  const continues =
    text !== '' && current.startsWith(text) && /^[^A-Za-z0-9]/.test(current.slice(text.length));
  return isMachineText(column, current, job) && !continues;
}

/**
 * What a job gives to its row: everything the queue knows of it. A field that the job knows nothing of, and one in
 * which a person wrote, is not among them.
 */
export function fieldsFromJob(
  job: Pick<
    Job,
    | 'jobId'
    | 'status'
    | 'taskKey'
    | 'configPath'
    | 'runDir'
    | 'startedAt'
    | 'endedAt'
    | 'error'
    | 'returnCode'
    | 'launcher'
    | 'seen'
  > & { queue?: string },
  current: ExperimentRow,
): Partial<ExperimentRow> {
  const fields: Partial<ExperimentRow> = { queue_job_id: job.jobId };
  if (!isPersonsStatus(current.status, job)) fields.status = logStatus(job.status);
  if (job.taskKey !== '') fields.task_key = job.taskKey;
  if (job.configPath !== '') fields.config_path = job.configPath;
  if (job.runDir !== '') fields.run_dir = job.runDir;
  if (job.startedAt !== null) fields.started_at = isoSeconds(job.startedAt * 1000);
  if (job.endedAt !== null) fields.ended_at = isoSeconds(job.endedAt * 1000);
  const result = resultText(job);
  const isTakenBack = job.status === 'running' && isUnknownEnd(current.result_summary, job);
  if ((result !== '' || isTakenBack) && mayReplace('result_summary', current.result_summary, result, job))
    fields.result_summary = result;
  if (job.launcher !== '' && mayReplace('notes', current.notes, job.launcher, job))
    fields.notes = job.launcher;
  return fields;
}

function unknownEnd(seen: EndSeen): string {
  return `${isGuess(seen) ? GUESSED : UNKNOWN}${seen.because}`;
}

/** What a job's end gives to its row; empty while there is none. */
function resultText({ error, returnCode, seen }: Pick<Job, 'error' | 'returnCode' | 'seen'>): string {
  if (seen) return unknownEnd(seen);
  return error || (returnCode === null ? '' : `return_code=${returnCode}`);
}

/**
 * The id of a row that nobody planned: the job's, with its queue behind it where that is not the log's own, and with its
 * enqueue time if xax restarted its numbering. `ownQueue`: whose jobs go by their ids alone; any queue's when absent.
 */
export function experimentIdFor(
  job: Pick<Job, 'jobId' | 'enqueuedAt'> & { queue?: string },
  isTaken: (id: string) => boolean,
  ownQueue = job.queue,
): string {
  const isById = job.queue === ownQueue || (job.queue !== undefined && isFollowed({ queue: job.queue }));
  const id = isById ? job.jobId : `${job.jobId}@${job.queue}`;
  if (!isTaken(id)) return id;
  const time = isoSeconds(job.enqueuedAt * 1000).replace(/[-:]/g, '');
  return firstFree(`${id}@${time}`, isTaken);
}

function firstFree(withTime: string, isTaken: (id: string) => boolean): string {
  let id = withTime;
  for (let count = 2; isTaken(id); count += 1) id = `${withTime}~${count}`;
  return id;
}
