import { beginning } from '../../core/clip.ts';
import type { Job, JobStatus } from '../../core/job.ts';
import type { Observer } from '../../core/queue.ts';

/**
 * The shapes of xax's own files (xax/utils/launcher/queue_state.py of 0.4.9), checked by hand: this runs at every
 * change of a file that may hold 10,000 jobs. Each throws StateError with what is wrong and where.
 */
export class StateError extends Error {}

/** What xax writes as a job's status. */
const STATUSES: readonly JobStatus[] = ['queued', 'running', 'completed', 'failed', 'cancelled'];

/** What of a text is kept: longer than any path or command, and than any error that xax writes. */
const TEXT_MAX = 16_384;

/** The only version of queue_state.json that there is so far. */
export const STATE_VERSION = 1;

/** What stands beside the jobs in queue_state.json. */
export interface StateTail {
  order: string[];
  running: string[];
  /** What the next job's id counts from; null where it does not say. */
  nextIndex: number | null;
}

export function parseJob(queue: string, jobId: string, value: unknown): Job {
  const at = `jobs.${jobId}`;
  const fields = object(value, at);
  const status = text(fields, 'status', at);
  if (!STATUSES.includes(status as JobStatus)) throw new StateError(`${at}.status is "${status}"`);
  if (fields.job_id !== undefined && fields.job_id !== jobId)
    throw new StateError(`${at}.job_id is "${String(fields.job_id)}"`);
  return {
    queue,
    jobId,
    taskKey: text(fields, 'task_key', at),
    launcher: text(fields, 'launcher', at),
    pythonExecutable: text(fields, 'python_executable', at),
    status: status as JobStatus,
    runDir: text(fields, 'run_dir', at),
    stageDir: text(fields, 'stage_dir', at),
    configPath: text(fields, 'config_path', at),
    observerLogPath: text(fields, 'observer_log_path', at),
    enqueuedAt: number(fields.enqueued_at, `${at}.enqueued_at`),
    startedAt: optionalNumber(fields.started_at, `${at}.started_at`),
    endedAt: optionalNumber(fields.ended_at, `${at}.ended_at`),
    pid: optionalNumber(fields.pid, `${at}.pid`),
    processGroupId: optionalNumber(fields.process_group_id, `${at}.process_group_id`),
    childPids: Array.isArray(fields.child_pids)
      ? fields.child_pids.filter((pid) => typeof pid === 'number')
      : [],
    oomDetected: fields.oom_detected === true,
    returnCode: optionalNumber(fields.return_code, `${at}.return_code`),
    error: typeof fields.error === 'string' ? beginning(fields.error, TEXT_MAX) : null,
  };
}

/** `next_job_idx`, `queue`, `running_job_id` and `version`. */
export function parseTail(value: unknown): StateTail {
  const fields = object(value, 'the state');
  if (fields.version !== STATE_VERSION) {
    throw new StateError(
      `version is ${JSON.stringify(fields.version)}, but this xaxbot knows ${STATE_VERSION}: a newer xax wrote it`,
    );
  }
  if (!Array.isArray(fields.queue) || fields.queue.some((id) => typeof id !== 'string')) {
    throw new StateError('queue is not a list of job ids');
  }
  const running = fields.running_job_id ?? null;
  if (running !== null && typeof running !== 'string') throw new StateError('running_job_id is not a job id');
  const next = fields.next_job_idx;
  return {
    order: fields.queue as string[],
    running: running === null ? [] : [running],
    nextIndex: Number.isSafeInteger(next) ? (next as number) : null,
  };
}

/** Without `active`, which depends on the time. */
export function parseObserver(value: unknown): Omit<Observer, 'active'> {
  const fields = object(value, 'the observer');
  return {
    pid: number(fields.pid, 'pid'),
    hostname: text(fields, 'hostname', 'the observer'),
    startedAt: number(fields.started_at, 'started_at'),
    updatedAt: number(fields.updated_at, 'updated_at'),
    status: typeof fields.status === 'string' ? fields.status : 'idle',
  };
}

export function object(value: unknown, at: string): Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new StateError(`${at} is not an object`);
  return value as Record<string, unknown>;
}

function text(fields: Record<string, unknown>, name: string, at: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new StateError(`${at}.${name} is not a text`);
  return beginning(value, TEXT_MAX);
}

function number(value: unknown, at: string): number {
  if (typeof value !== 'number') throw new StateError(`${at} is not a number`);
  return value;
}

function optionalNumber(value: unknown, at: string): number | null {
  return value === null || value === undefined ? null : number(value, at);
}
