import type { Budget, Spent } from '../core/experiment.ts';
import type { TaskTimes } from '../core/job.ts';
import { taskGpuSeconds } from '../core/job-tasks.ts';
import { isoSeconds } from '../core/time.ts';
import { hoursText } from '../core/units.ts';
import type { RunSpan, SpentBefore } from '../store/experiments.ts';

const HOUR_S = 3_600;
const HOUR_MS = 1_000 * HOUR_S;
const NOTHING: SpentBefore = { runs: 0, gpuSeconds: 0 };

/**
 * What these runs have taken of the queue, with those that are over: those that began, those that wait for it, and GPU hours, a run
 * that has not ended counted until `now` (epoch milliseconds). One whose GPUs are not known counts as on one.
 */
export function spentBy(spans: readonly RunSpan[], now: number, over: SpentBefore = NOTHING): Spent {
  const made = spans.filter(({ started_at }) => started_at !== '');
  const gpuHours = made.reduce((sum, { status, started_at, ended_at, gpus, times }) => {
    const until = status === 'running' ? now : Date.parse(ended_at);
    if (times && !Number.isNaN(until))
      return sum + taskGpuSeconds(JSON.parse(times) as TaskTimes, until / 1_000) / HOUR_S;
    const took = until - Date.parse(started_at);
    return took > 0 ? sum + (took / HOUR_MS) * (gpus ?? 1) : sum;
  }, over.gpuSeconds / HOUR_S);
  return {
    runs: over.runs + made.length,
    waiting: spans.filter(({ status }) => status === 'queued').length,
    gpuHours,
  };
}

/** Which part of a budget is used up, in words; null if none is. */
export function whatIsSpent(
  { runs, hours, until }: Budget,
  { runs: made, waiting, gpuHours }: Spent,
  now: number,
): string | null {
  if (until !== undefined && now >= until) return `the session's time ran out at ${isoSeconds(until)}`;
  if (hours !== undefined && gpuHours >= hours)
    return `the budget of ${hoursText(hours)} GPU hours is spent: ${hoursText(gpuHours)} were used`;
  if (runs !== undefined && made + waiting >= runs)
    return `the budget of ${runs} runs is spent: ${made} were made${waiting > 0 ? ` and ${waiting} wait` : ''}`;
  return null;
}

/** How many more runs a session may make; null: unlimited. */
export function runsLeft(budget: Budget, spent: Spent, now: number): number | null {
  if (whatIsSpent(budget, spent, now) !== null) return 0;
  return budget.runs === undefined ? null : budget.runs - spent.runs - spent.waiting;
}
