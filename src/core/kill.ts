import { isEnded, type Job } from './job.ts';
import { type Doer, doerText } from './person.ts';

/** A kill as it was asked for. Times are epoch milliseconds. */
export interface AskedKill extends Doer {
  at: number;
  /** How long after its first signal the job may take to end. */
  graceMs: number;
  /** Each written down right before it was sent; `observer stop` where a stop of the observer was to end it. */
  signals: readonly { signal: string; at: number }[];
  /** It was seen to end what it was asked for. */
  hasEnded: boolean;
  /** Nothing more is sent for it. */
  isOver: boolean;
}

/** Whose kill ended a job, and how; of a job that runs, whose is under way or could do no more. */
export interface KilledBy extends Pick<Doer, 'name' | 'approvedBy'> {
  at: number;
  /** null: none was sent yet. */
  signal: string | null;
  /** What it exited with where it ended by itself after the signal; null or absent: the signal ended it. */
  exitCode?: number | null;
}

/** The return code of a process that a signal ended (subprocess.Popen.returncode). */
const RETURN_CODES: Record<string, number> = { SIGTERM: -15, SIGKILL: -9 };
/**
 * How long after a job's process has gone its end may be recorded, milliseconds: xax looks every 0.5 s, then ends what its
 * process left behind, which takes up to 10 s (DEFAULT_PROCESS_GRACE_SECONDS in queue.py of 0.4.9), under a lock.
 */
const RECORDED_WITHIN_MS = 30_000;
/** The queue's times are in seconds, as floats. */
const ROUNDING_MS = 10;
/** Slurm dates the end of what was cancelled as it ran by when that was asked for, in whole seconds. */
const CANCEL_ROUNDING_MS = 2_000;
/** The words xax writes of what ran when its observer ended, whoever ended the job's process (queue.py of 0.4.9). */
const INTERRUPTED = /^(Recovered (stale|orphaned) running|Queue stopped while job was running)/;

type End = Pick<Job, 'status' | 'startedAt' | 'endedAt' | 'returnCode' | 'error'>;

/**
 * The kill that a job's end is put down to; null where none fits. A signal fits an end by that signal, from when it was
 * sent until the time it gave was over and the end recorded. An exit of the job's own within that time is after the kill,
 * not by it. One of an earlier run of the job fits nothing. An end that the observer's own end recorded later is a kill's
 * that was seen to succeed. Of several, the last. A job that runs is not being killed by what was cut off before SIGKILL.
 * `kills`: oldest first.
 */
export function killOf(job: End, kills: readonly AskedKill[]): KilledBy | null {
  const began = job.startedAt === null ? 0 : job.startedAt * 1000 - ROUNDING_MS;
  for (const kill of kills.filter(({ at }) => at >= began).toReversed()) {
    const { name, approvedBy = null, at } = kill;
    const last = kill.signals.at(-1);
    if (!isEnded(job.status)) {
      if (kill.isOver && !kill.hasEnded && last?.signal !== 'SIGKILL') continue;
      return { name, approvedBy, at, signal: last?.signal ?? null };
    }
    const fitting = howItFits(job, kill);
    if (fitting) return { name, approvedBy, at, ...fitting };
  }
  return null;
}

function howItFits(
  { status, startedAt, endedAt, returnCode, error }: End,
  { signals, graceMs, hasEnded }: AskedKill,
): Pick<KilledBy, 'signal' | 'exitCode'> | null {
  const first = signals[0];
  if (endedAt === null || !first) return null;
  const ended = endedAt * 1000 + ROUNDING_MS;
  // Whoever else cancels a job that runs does not do it in the very moment of a kill.
  if (status === 'cancelled' && startedAt !== null)
    return ended >= first.at - CANCEL_ROUNDING_MS && ended <= first.at + graceMs + RECORDED_WITHIN_MS
      ? {
          signal: signals.find(({ signal }) => RETURN_CODES[signal] === returnCode)?.signal ?? first.signal,
          exitCode: null,
        }
      : null;
  const before = signals.filter(({ at }) => at <= ended);
  const last = before.at(-1);
  if (!last) return null;
  const wasLost = isInterrupted({ error });
  if (wasLost && hasEnded) return { signal: last.signal, exitCode: null };
  const isInTime = ended <= Math.max(first.at + graceMs, last.at) + RECORDED_WITHIN_MS;
  if (!isInTime) return null;
  if (first.signal.startsWith('observer ')) {
    const isEndedFromOutside = wasLost || (returnCode !== null && returnCode < 0);
    return isEndedFromOutside ? { signal: first.signal, exitCode: null } : null;
  }
  const sent = before.findLast(({ signal }) => RETURN_CODES[signal] === returnCode);
  if (sent) return { signal: sent.signal, exitCode: null };
  return returnCode !== null && returnCode >= 0 ? { signal: last.signal, exitCode: returnCode } : null;
}

/** Whether the queue lost sight of a job's process, so that nobody knows how that ended. */
export function isInterrupted({ error }: Pick<Job, 'error'>): boolean {
  return INTERRUPTED.test(error ?? '');
}

/** `killed by Ada (SIGTERM)`, or `ended after the kill by Ada (SIGTERM, exit code 0)`. */
export function killText(killedBy: KilledBy): string {
  const { signal, exitCode } = killedBy;
  const by = doerText(killedBy);
  if (exitCode === null || exitCode === undefined) return `killed by ${by} (${signal})`;
  return `ended after the kill by ${by} (${signal}, exit code ${exitCode})`;
}
