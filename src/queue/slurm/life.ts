import type {
  ArrayTasks,
  EndSeen,
  Job,
  JobStatus,
  SchedulerWord,
  TaskState,
  TaskTimes,
} from '../../core/job.ts';
import type { Details } from './details.ts';
import { ownText } from './own-text.ts';
import type { Row } from './rows.ts';
import { taskNumbersText } from './task-numbers.ts';
import { endOf, isCompleting, type Stage, schedulerWord, stageOf } from './words.ts';

/** A job's whole, one of an array's tasks, or one part of several. Times are epoch seconds. */
export interface Part {
  /** `unknown`: it is over, and nobody knows how. */
  stage: Stage | 'unknown';
  word: SchedulerWord;
  restarts: number;
  hasRun: boolean;
  startedAt: number | null;
  endedAt: number | null;
  /** How long it ran, where that is known and its times are not. */
  seconds?: number;
  end: Pick<Job, 'returnCode' | 'error' | 'oomDetected'> | null;
  nodes: string;
  /** In how many polls, one after the other, it was not to be found. */
  missing: number;
  line: string;
}

/** One life of a job: from when it was submitted, or put back, until it ended or is put back again. */
export interface Life {
  jobId: string;
  /** Epoch seconds, by which it is told from others of this id. */
  submittedAt: number;
  restarts: number;
  user: string;
  isArray: boolean;
  /** By the number of a task, `+1`, or nothing where it is the whole. */
  parts: Map<string, Part>;
  /** Tasks that wait in one record, and that as Slurm wrote it. */
  waiting: ReadonlySet<number>;
  waitingText: string;
  waitingWord: SchedulerWord | null;
  /** When Slurm expects what waits of it to start; null: it does not say. */
  startsAt: number | null;
  /** Its end where it was put back. */
  seen?: EndSeen;
  details: Details | null;
  /** Tasks that were cancelled from here. */
  asked?: Set<string>;
  /** It is about to be put back from here. */
  isRequeuedHere?: true;
  /** In how many polls nothing of it was to be found. */
  missing: number;
}

export const isOver = ({ stage }: Part): boolean => stage !== 'queued' && stage !== 'running';

/** Whether nothing more comes of a life. */
export function hasEnded(life: Life): boolean {
  return life.seen !== undefined || (life.waiting.size === 0 && [...life.parts.values()].every(isOver));
}

/** A part as a row tells it; `before`: what was known of it. */
export function partOf(row: Row, before: Part | undefined): Part {
  // A job that is put back tells of its next life already as the last one is cleaned up after.
  if (before && isCompleting(row))
    return { ...before, word: schedulerWord(row), missing: 0, line: ownText(row.line) };
  const known = before && before.restarts === row.restarts ? before : undefined;
  const stage = stageOf(row.state) ?? known?.stage ?? 'queued';
  // What waits tells of a start that is expected, and what was cancelled before it began of when that was.
  const hasRun =
    known?.hasRun === true ||
    stage === 'running' ||
    (stage !== 'queued' && row.startedAt !== null && row.nodes !== '');
  const over = stage !== 'queued' && stage !== 'running';
  return {
    stage,
    word: schedulerWord(row),
    restarts: row.restarts,
    hasRun,
    startedAt: hasRun ? row.startedAt : null,
    endedAt: over ? row.endedAt : null,
    end: over ? endOf(row, hasRun) : null,
    nodes: row.nodes === '' ? (known?.nodes ?? '') : ownText(row.nodes),
    missing: 0,
    line: ownText(row.line),
  };
}

const NONE: readonly number[] = [];

/** The life as a job of the queue. */
export function jobOf(queue: string, life: Life): Job {
  const parts = [...life.parts.values()];
  const status = statusOf(life, parts);
  const starts = parts.flatMap(({ startedAt, hasRun }) => (hasRun && startedAt !== null ? [startedAt] : []));
  const ends = endsOf(parts);
  const isEnd = status !== 'queued' && status !== 'running';
  const { details } = life;
  const end = isEnd ? endingOf(life, parts) : { returnCode: null, error: null, oomDetected: false };
  return {
    queue,
    jobId: life.jobId,
    enqueuedAt: life.submittedAt,
    taskKey: details?.name ?? `job ${life.jobId}`,
    launcher: 'slurm',
    pythonExecutable: '',
    status,
    runDir: details?.runDir ?? '',
    stageDir: '',
    configPath: '',
    observerLogPath: details?.logPath ?? '',
    startedAt: starts.length > 0 ? earliest(starts) : null,
    endedAt: isEnd && ends.length > 0 ? latest(ends) : null,
    pid: null,
    processGroupId: null,
    childPids: NONE,
    ...end,
    ...seenOf(life, status),
    scheduler: wordOf(life, parts),
    ...(life.isArray ? { tasks: tasksOf(life) } : {}),
    ...(life.restarts > 0 && !life.isArray ? { restarts: life.restarts } : {}),
    user: life.user,
    ...(details && !life.isArray ? { gpusGiven: details.gpus } : {}),
  };
}

/** When parts ended. Of one that vanished before it began only that is known when nobody found it any more: others tell better. */
function endsOf(parts: readonly Part[]): number[] {
  const known = parts.filter(({ stage, hasRun }) => stage !== 'unknown' || hasRun);
  const ends = known.flatMap(({ endedAt }) => endedAt ?? []);
  return ends.length > 0 ? ends : parts.flatMap(({ endedAt }) => endedAt ?? []);
}

function statusOf(life: Life, parts: readonly Part[]): JobStatus {
  const has = (stage: Part['stage']) => parts.some((part) => part.stage === stage);
  if (life.seen) return 'ended';
  if (has('running')) return 'running';
  // Of an array of which some have run and others wait nobody would say that it waits.
  if (life.waiting.size > 0 || has('queued'))
    return parts.some(({ hasRun }) => hasRun) ? 'running' : 'queued';
  if (has('failed')) return 'failed';
  if (has('cancelled')) return 'cancelled';
  return has('unknown') ? 'ended' : 'completed';
}

/** How the whole ended: as its only part did, or as the first of those did that tell of it. */
function endingOf(life: Life, parts: readonly Part[]): Pick<Job, 'returnCode' | 'error' | 'oomDetected'> {
  const none = { returnCode: null, error: null, oomDetected: false };
  if (life.seen) return none;
  const failed = [...life.parts].filter(([, { stage }]) => stage === 'failed');
  const [first] = failed;
  if (!life.isArray) {
    const told = first?.[1] ?? parts.find(({ stage }) => stage === 'cancelled') ?? parts[0];
    return told?.end ?? none;
  }
  if (!first) {
    const isWhole = parts.every(({ stage }) => stage === 'completed');
    return isWhole ? { ...none, returnCode: 0 } : none;
  }
  const tasks = taskNumbersText(failed.map(([number]) => Number(number)));
  const error = `${failed.length} of ${parts.length} tasks failed (${tasks}); the first: ${first[1].end?.error}`;
  return {
    returnCode: first[1].end?.returnCode ?? null,
    error,
    oomDetected: failed.some(([, { end }]) => end?.oomDetected),
  };
}

function seenOf(life: Life, status: JobStatus): Pick<Job, 'seen'> {
  if (life.seen) return { seen: life.seen };
  return status === 'ended' ? { seen: { by: 'gone', because: 'Slurm no longer knows it' } } : {};
}

/** Slurm's word for what is most to be told of. What runs has a reason only where tasks beside it wait: theirs. */
function wordOf(life: Life, parts: readonly Part[]): SchedulerWord {
  const by = (stage: Part['stage']) => parts.find((part) => part.stage === stage)?.word;
  const [running, waiting] = [by('running'), life.waitingWord ?? by('queued')];
  if (running && life.isArray) return { state: running.state, reason: waiting?.reason ?? null };
  return (
    running ??
    waiting ??
    by('failed') ??
    by('cancelled') ??
    parts.at(-1)?.word ?? { state: 'UNKNOWN', reason: null }
  );
}

const TASK_WORDS: Readonly<Record<Part['stage'], TaskState>> = {
  queued: 'waiting',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  unknown: 'unknown',
};

function tasksOf({ parts, waiting, details }: Life): ArrayTasks {
  const numbers: Record<TaskState, number[]> = {
    waiting: [...waiting],
    running: [],
    completed: [],
    failed: [],
    cancelled: [],
    unknown: [],
  };
  for (const [number, { stage }] of parts) numbers[TASK_WORDS[stage]].push(Number(number));
  const states = Object.entries(numbers) as [TaskState, number[]][];
  const counts = Object.fromEntries(states.map(([state, of]) => [state, of.length]));
  return {
    total: states.reduce((sum, [, of]) => sum + of.length, 0),
    ...(counts as Record<TaskState, number>),
    which: Object.fromEntries(
      states.filter(([, of]) => of.length > 0).map(([state, of]) => [state, taskNumbersText(of)]),
    ),
    ...(details ? { times: timesOf([...parts.values()], details.gpus) } : {}),
  };
}

function timesOf(parts: readonly Part[], gpus: number): TaskTimes {
  const starts = parts.flatMap(({ stage, startedAt }) => (stage === 'running' ? (startedAt ?? []) : []));
  const took = parts.filter(isOver).map(secondsOf);
  return {
    gpus,
    seconds: Math.round(took.reduce<number>((sum, each) => sum + (each ?? 0), 0)),
    running: { count: starts.length, since: starts.reduce((sum, at) => sum + at, 0) },
    untimed: took.filter((each) => each === null).length,
  };
}

/** How long a part ran that is over; null: nobody knows. */
function secondsOf({ stage, hasRun, startedAt, endedAt, seconds }: Part): number | null {
  if (stage === 'unknown') return null;
  if (!hasRun) return 0;
  if (seconds !== undefined) return seconds;
  return startedAt === null || endedAt === null ? null : Math.max(0, endedAt - startedAt);
}

/** Of thousands of times, for which Math.min has too few arguments. */
function earliest(times: readonly number[]): number {
  return times.reduce((a, b) => Math.min(a, b));
}

function latest(times: readonly number[]): number {
  return times.reduce((a, b) => Math.max(a, b));
}
