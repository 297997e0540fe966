import type { ExperimentRow, Spent } from '../core/experiment.ts';

const HOUR_MS = 3_600_000;

/**
 * What these rows have taken of the queue: runs that began, those that wait for it, and GPU hours, a run that has not
 * ended counted until `now` (epoch milliseconds). `gpusOf` a row null: its GPUs are not known, and count as one.
 */
export function spentBy(
  rows: readonly ExperimentRow[],
  gpusOf: (row: ExperimentRow) => number | null,
  now: number,
): Spent {
  let gpuHours = 0;
  let runs = 0;
  for (const row of rows) {
    const from = Date.parse(row.started_at);
    if (Number.isNaN(from)) continue;
    runs += 1;
    const to = row.status === 'running' ? now : Date.parse(row.ended_at);
    if (to > from) gpuHours += ((to - from) / HOUR_MS) * (gpusOf(row) ?? 1);
  }
  return { runs, waiting: rows.filter(({ status }) => status === 'queued').length, gpuHours };
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
