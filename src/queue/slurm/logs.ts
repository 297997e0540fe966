import type { Job } from '../../core/job.ts';

/** Of an array, the task whose log is told where nobody named one: the first that failed, else one that runs or has ended. */
const TOLD_FIRST = ['failed', 'running', 'completed', 'cancelled', 'unknown', 'waiting'] as const;

/** The file that a job prints to, of an array that of one task; empty: Slurm does not say. */
export function logPathOf(
  { observerLogPath: path, tasks, jobId }: Pick<Job, 'observerLogPath' | 'tasks' | 'jobId'>,
  task?: number,
): string {
  if (!tasks) return path;
  const number = task ?? firstTask(tasks.which);
  return path.replace(/%a/g, `${number}`).replace(/%A/g, jobId);
}

function firstTask(which: NonNullable<Job['tasks']>['which']): string {
  const list = TOLD_FIRST.map((state) => which[state]).find((each) => each !== undefined);
  return /^\d+/.exec(list ?? '')?.[0] ?? '0';
}
