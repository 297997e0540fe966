import { ADVICE } from './advice.ts';
import { type Diagnosis, diagnosis, type Failure, lastLines } from './diagnosis.ts';
import { isHarmless } from './error-lines.ts';
import type { CauseKind } from './kinds.ts';
import { ofWords } from './last-words.ts';
import { readWords } from './read-words.ts';

/** The words xax writes of a job that ran when its observer was stopped, or that no observer runs (cli/queue.py of 0.4.9). */
const INTERRUPTED = /^(Recovered (stale|orphaned) running|Queue stopped while job was running)/;

/** How Slurm ended a job, whatever it exited with (squeue(1), JOB STATE CODES). */
const SCHEDULERS_END = /\((TIMEOUT|OUT_OF_MEMORY|NODE_FAIL|PREEMPTED|DEADLINE|BOOT_FAIL)\)$/;
const MORE_TIME = 'Ask for more time, or let it go on from its last checkpoint.';
const NOT_ITS_DOING = 'Nothing is wrong with the run: retry it.';
const SCHEDULERS: Readonly<Record<string, { kind: CauseKind; advice: string }>> = {
  TIMEOUT: { kind: 'interruption', advice: MORE_TIME },
  DEADLINE: { kind: 'interruption', advice: MORE_TIME },
  OUT_OF_MEMORY: {
    kind: 'out_of_memory_host',
    advice: 'Ask for more memory, or hold less data in it at once.',
  },
  NODE_FAIL: { kind: 'interruption', advice: NOT_ITS_DOING },
  BOOT_FAIL: { kind: 'interruption', advice: NOT_ITS_DOING },
  PREEMPTED: { kind: 'interruption', advice: 'Retry it, or run it in a partition that is not preempted.' },
};

/** A line of the log's last 300 in which xax found words of the GPU's memory, whatever they were about. */
const OOM_LINE = /^CUDA OOM detected: (.+)/s;
/** Behind which xax hangs that processes were left. */
const LEAKED = /; Leaked subprocesses after job exit: .*/s;
/** xax's own return code of a job that it could not run. */
const XAX_NO_CODE = -1;
/** So much of a line is enough to find it in the log. */
const LINE_COMPARED = 80;

/** What the queue alone can tell: that it was interrupted, or that the run itself ended well. */
export function ofQueue({ error, returnCode }: Failure, lines: readonly string[]): Diagnosis | undefined {
  const said = error ?? '';
  if (INTERRUPTED.test(said))
    return diagnosis({
      kind: 'interruption',
      text: 'interrupted: the queue observer was stopped or restarted while it ran',
      lines: lastLines(lines),
      advice: ADVICE.interruption ?? null,
    });
  const scheduled = SCHEDULERS_END.exec(said)?.[1];
  if (scheduled !== undefined) {
    const { kind, advice } = SCHEDULERS[scheduled]!;
    return diagnosis({ kind, text: `the scheduler ended it: ${said}`, lines: lastLines(lines), advice });
  }
  if (returnCode !== 0 || said === '') return undefined;
  return diagnosis({
    kind: 'unknown',
    text: `it ended with return code 0; the queue counts it as failed for another reason: ${said}`,
    lines: lastLines(lines),
  });
}

/** What the queue's own words mean, for want of any in the log: a line that the log no longer shows, or that it could not run. */
export function ofQueueError(
  { error, returnCode }: Failure,
  lines: readonly string[],
  advanced: number,
): Diagnosis | undefined {
  const said = (error ?? '').replace(LEAKED, '');
  const line = OOM_LINE.exec(said)?.[1]?.trim();
  if (line !== undefined) {
    const at = lines.findLastIndex((own) => own.includes(line.slice(0, LINE_COMPARED)));
    const isSurvived = at >= 0 && at <= advanced;
    const isDevice = readWords('', line).kind === 'out_of_memory_device';
    return isSurvived || isHarmless(line) || !isDevice ? undefined : ofWords('', line, lastLines(lines));
  }
  return returnCode === XAX_NO_CODE && said !== '' && !/^Terminated/.test(said)
    ? ofXaxItself(said, lines)
    : undefined;
}

/** An exception of the observer's, of which xax keeps the words without their type. */
function ofXaxItself(said: string, lines: readonly string[]): Diagnosis {
  const name = /^\[Errno 2\] No such file or directory: '([^']+)'/.exec(said)?.[1] ?? null;
  return diagnosis({
    kind: name === null ? 'unknown' : 'missing_file',
    text: `the queue could not run it: ${said}`,
    lines: lastLines(lines),
    name,
  });
}
