import type { Spent } from '../core/experiment.ts';
import type { RunSpan } from '../store/experiments.ts';

const HOUR_MS = 3_600_000;

/**
 * What these runs have taken of the queue: those that began, those that wait for it, and GPU hours, a run that has not
 * ended counted until `now` (epoch milliseconds). One whose GPUs are not known counts as on one.
 */
export function spentBy(spans: readonly RunSpan[], now: number): Spent {
  const made = spans.filter(({ started_at }) => started_at !== '');
  const gpuHours = made.reduce((sum, { status, started_at, ended_at, gpus }) => {
    const took = (status === 'running' ? now : Date.parse(ended_at)) - Date.parse(started_at);
    return took > 0 ? sum + (took / HOUR_MS) * (gpus ?? 1) : sum;
  }, 0);
  return { runs: made.length, waiting: spans.filter(({ status }) => status === 'queued').length, gpuHours };
}

/** How many more runs a session may make; null: as many as one likes. */
export function runsLeft(
  budget: { runs?: number | undefined; hours?: number | undefined; until?: number | undefined },
  { runs, waiting, gpuHours }: Spent,
  now: number,
): number | null {
  if (budget.until !== undefined && now >= budget.until) return 0;
  if (budget.hours !== undefined && gpuHours >= budget.hours) return 0;
  return budget.runs === undefined ? null : Math.max(0, budget.runs - runs - waiting);
}
