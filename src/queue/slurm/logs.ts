import { basename, dirname, join } from 'node:path';
import type { Job } from '../../core/job.ts';

/** Of an array, the task whose log is told where nobody named one: the first that failed, else one that runs or has ended. */
const TOLD_FIRST = ['failed', 'running', 'completed', 'cancelled', 'unknown', 'waiting'] as const;

/** What stands for the number of a task where there is none (NO_VAL - 2 of slurm.h). */
const NO_TASK = '4294967294';
/** Of these only the run knows what they stand for (sbatch(1), filename pattern). */
const OF_THE_RUN = new Set(['b', 'J', 'N', 'n', 's', 't']);

/** The log of one record of a job, as squeue tells it: a pattern, or what became of it. `task`: of an array; `[` of several. */
export interface PrintedLog {
  jobId: string;
  task: string | undefined;
  /** Slurm's own number of the record. */
  rawId: string;
  name: string;
  user: string;
  workDir: string;
  printed: string;
}

/**
 * The path that a job prints to, in which `%a`, or `%4a`, stands for the number of a task of an array; empty: only the run knows.
 */
export function logTemplate({ jobId, task, rawId, name, user, workDir, printed }: PrintedLog): string {
  const isArray = task !== undefined;
  // What nobody named squeue makes of the record's number, and sbatch of the array's and the task's.
  if (printed === join(workDir, `slurm-${rawId}.out`))
    return isArray ? join(workDir, `slurm-${jobId}_%a.out`) : printed;
  if (printed.includes('\\')) return printed.replace(/\\(.?)/g, '$1');
  if (isArray && !printed.includes('%')) return withTask(printed, task);
  const numbers: Record<string, string | null> = {
    A: jobId,
    // Each task of an array has a number of its own there.
    j: isArray ? null : rawId,
    a: NO_TASK,
  };
  let isKnown = true;
  const path = printed.replace(/%(\d*)([A-Za-z%])/g, (whole, width: string, symbol: string) => {
    if (symbol === 'a' && isArray) return whole;
    if (symbol === 'x') return name;
    if (symbol === 'u') return user;
    const value = symbol === '%' ? (isArray ? null : '%') : numbers[symbol];
    if (value === null || OF_THE_RUN.has(symbol)) isKnown = false;
    return value?.padStart(Number(width), '0') ?? whole;
  });
  return isKnown ? path : '';
}

/** Of a path that was made for one task, that for any. */
function withTask(path: string, task: string): string {
  if (path.includes(NO_TASK)) return path.replace(NO_TASK, '%a');
  const name = basename(path);
  const at = [...name.matchAll(/\d+/g)].findLast(([each]) => each === task)?.index;
  return at === undefined
    ? path
    : join(dirname(path), `${name.slice(0, at)}%a${name.slice(at + task.length)}`);
}

/** The file that a job prints to, of an array that of one task; empty: Slurm does not say. */
export function logPathOf(
  { observerLogPath: path, tasks }: Pick<Job, 'observerLogPath' | 'tasks'>,
  task?: number,
): string {
  if (!tasks) return path;
  const number = task ?? firstTask(tasks.which);
  return path.replace(/%(\d*)a/g, (_, width: string) => `${number}`.padStart(Number(width), '0'));
}

function firstTask(which: NonNullable<Job['tasks']>['which']): string {
  const list = TOLD_FIRST.map((state) => which[state]).find((each) => each !== undefined);
  return /^\d+/.exec(list ?? '')?.[0] ?? '0';
}
