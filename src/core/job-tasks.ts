import { clip } from './clip.ts';
import { type ArrayTasks, TASK_STATES, type TaskState, type TaskTimes } from './job.ts';
import type { JobRecord } from './services/jobs.ts';

/** Whether a list of task numbers, `0-6,8`, has one. */
export function hasTask(list: string, task: number): boolean {
  return list.split(',').some((part) => {
    const [first, last = first] = part.split('-').map(Number);
    return first !== undefined && last !== undefined && first <= task && task <= last;
  });
}

/** The state of one task of an array; undefined: it has no such task. */
export function taskState({ which }: ArrayTasks, task: number): TaskState | undefined {
  return TASK_STATES.find((state) => hasTask(which[state] ?? '', task));
}

/** `20: 16 completed, 1 failed (7), 3 unknown (15,17-18)`; the numbers of those that wait for nothing more than a look. */
export function tasksText(tasks: ArrayTasks): string {
  const counts = TASK_STATES.filter((state) => tasks[state] > 0).map((state) => {
    const numbers = NAMED.includes(state) ? ` (${clip(tasks.which[state] ?? '', NUMBERS_MAX)})` : '';
    return `${tasks[state]} ${state}${numbers}`;
  });
  return `${tasks.total}: ${counts.join(', ')}`;
}

/** States of which people want to know which tasks are in them. */
const NAMED: readonly TaskState[] = ['failed', 'cancelled', 'unknown'];
const NUMBERS_MAX = 60;

/** GPU seconds of an array until an instant (epoch seconds): of each of its tasks its own, as far as they are known. */
export function taskGpuSeconds({ gpus, seconds, running }: TaskTimes, until: number): number {
  return gpus * (seconds + Math.max(0, running.count * until - running.since));
}

/** On how many GPUs a job ran until now (epoch milliseconds), an array on the average; null: nobody knows. */
export function gpusHeld(
  { tasks, gpus, startedAt, endedAt }: Pick<JobRecord, 'tasks' | 'gpus' | 'startedAt' | 'endedAt'>,
  now: number,
): number | null {
  if (!tasks?.times || startedAt === null) return gpus;
  const until = endedAt ?? now / 1_000;
  const { times } = tasks;
  return until > startedAt
    ? taskGpuSeconds(times, until) / (until - startedAt)
    : times.gpus * times.running.count;
}
