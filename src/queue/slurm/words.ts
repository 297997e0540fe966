import { clip } from '../../core/clip.ts';
import type { Job, JobStatus, SchedulerWord } from '../../core/job.ts';
import { SHELL_BASE } from '../../core/signals.ts';
import { cleanLine } from '../clean-text.ts';
import { ownText } from './own-text.ts';
import type { Row } from './rows.ts';

/** Slurm's words for a job's state (squeue(1), JOB STATE CODES), by what they mean for whoever waits for it. */
const WAITS = ['PENDING', 'REQUEUED', 'REQUEUE_FED', 'REQUEUE_HOLD', 'SPECIAL_EXIT', 'RESV_DEL_HOLD'];
const RUNS = [
  'RUNNING',
  'COMPLETING',
  'CONFIGURING',
  'POWER_UP_NODE',
  'RESIZING',
  'SIGNALING',
  'STAGE_OUT',
  'STOPPED',
  'SUSPENDED',
];
/** The ends whose exit code says nothing of how they came: that of a TIMEOUT may be 0. */
const ENDS: Readonly<Record<string, string>> = {
  TIMEOUT: 'Time limit reached (TIMEOUT)',
  OUT_OF_MEMORY: 'Out of memory (OUT_OF_MEMORY)',
  NODE_FAIL: 'Its node failed (NODE_FAIL)',
  PREEMPTED: 'Preempted by another job (PREEMPTED)',
  DEADLINE: 'Its deadline passed (DEADLINE)',
  BOOT_FAIL: 'Its node did not boot (BOOT_FAIL)',
};
/** So much of a reason is shown, characters. */
const REASON_MAX = 120;
/** Words that stand for no reason. */
const NO_REASON = ['', 'None', '(null)', 'N/A'];

/** Reasons for which a job waits for ever, while sbatch took it without a word, with what they mean (squeue(1), JOB REASON CODES). */
const NEVER: Readonly<Record<string, string>> = {
  PartitionConfig: 'it asks for more than its partition has or allows',
  PartitionNodeLimit: 'it asks for more nodes than its partition allows, or these are down',
  PartitionTimeLimit: 'its time limit is above that of its partition',
  BadConstraints: 'no node has what it asks for',
  DependencyNeverSatisfied: 'what it depends on did not end as it had to',
  InvalidAccount: 'its account is not valid',
  InvalidQOS: 'its QOS is not valid',
  AccountNotAllowed: 'its account may not use its partition',
  QOSNotAllowed: 'its QOS may not be used in its partition',
  JobHeldUser: 'it is held',
  JobHeldAdmin: 'an administrator holds it',
};

/** Where a job, or one of its parts, stands. */
export type Stage = Exclude<JobStatus, 'ended'>;

/** undefined: a word that is not known, which says nothing. */
export function stageOf(state: string): Stage | undefined {
  if (WAITS.includes(state)) return 'queued';
  if (RUNS.includes(state)) return 'running';
  if (state === 'COMPLETED') return 'completed';
  if (state === 'CANCELLED') return 'cancelled';
  return state === 'FAILED' || Object.hasOwn(ENDS, state) ? 'failed' : undefined;
}

/** Whether it is over but for what is cleaned up after it: what it was is hidden until then. */
export function isCompleting({ state }: Pick<Row, 'state'>): boolean {
  return state === 'COMPLETING';
}

/** Slurm's own words, of which the reason may be anything: as they may be shown. */
export function schedulerWord({ state, reason }: Pick<Row, 'state' | 'reason'>): SchedulerWord {
  const plain = clip(cleanLine(reason.replace(/\s+/g, ' ')).trim(), REASON_MAX);
  const meaning = state === 'PENDING' ? NEVER[/^\w+/.exec(plain)?.[0] ?? ''] : undefined;
  return {
    state,
    reason: NO_REASON.includes(plain) ? null : ownText(meaning ? `${plain} (${meaning})` : plain),
    ...(meaning ? { never: true } : {}),
  };
}

/** How an ended job is told to have ended, in the words that every queue uses where they fit. */
export function endOf(
  { state, reason, exit }: Pick<Row, 'state' | 'reason' | 'exit'>,
  hasRun: boolean,
): Pick<Job, 'returnCode' | 'error' | 'oomDetected'> {
  const { code, signal } = exit ?? { code: 0, signal: 0 };
  const oomDetected = state === 'OUT_OF_MEMORY';
  if (Object.hasOwn(ENDS, state)) return { returnCode: null, error: ENDS[state]!, oomDetected };
  if (state === 'COMPLETED') return { returnCode: 0, error: null, oomDetected };
  if (state === 'CANCELLED' && !hasRun)
    return { returnCode: null, error: 'Cancelled before execution', oomDetected };
  const why = schedulerWord({ state, reason }).reason;
  // What sbatch refused may stand in the list as a job that failed, with a code that is nobody's.
  if (state === 'FAILED' && !hasRun)
    return { returnCode: null, error: `Never ran (${why ?? 'Slurm gives no reason'})`, oomDetected };
  // The shell that outlived the signal tells of it as 128 and its number.
  if (state === 'CANCELLED' && code > SHELL_BASE && code < SHELL_BASE + 32)
    return {
      returnCode: SHELL_BASE - code,
      error: `Terminated by signal ${code - SHELL_BASE}`,
      oomDetected,
    };
  if (signal > 0) return { returnCode: -signal, error: `Terminated by signal ${signal}`, oomDetected };
  if (state === 'CANCELLED') return { returnCode: null, error: 'Cancelled while it ran', oomDetected };
  if (code > 0) return { returnCode: code, error: `Exited with return code ${code}`, oomDetected };
  return { returnCode: null, error: `Failed (${why ?? 'Slurm gives no reason'})`, oomDetected };
}
