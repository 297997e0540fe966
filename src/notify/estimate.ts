import type { Range } from '../core/facts.ts';
import type { Job } from '../core/job.ts';
import type { Progress } from '../core/metrics.ts';

/**
 * How long a running job still needs: by its own rate, else by its task's usual time; unknown for a silent one, and
 * for one that takes longer than usual.
 */
export function secondsLeft(
  job: Job,
  progress: Progress | null,
  usualSeconds: number | null,
  now: number,
): Range {
  if (progress && progress.silentSeconds !== null) return null;
  if (progress?.secondsLeft) return progress.secondsLeft;
  if (usualSeconds === null || job.startedAt === null) return null;
  const ran = Math.max(0, now / 1000 - job.startedAt);
  const left = usualSeconds - ran;
  return left > 0 ? { low: left, high: left } : null;
}

/**
 * When each waiting job starts: after what runs and what waits before it, each for as long as its task usually
 * takes. From the first job without a basis on, nothing is known.
 */
export function estimatedStarts(
  waiting: readonly Job[],
  runningLeft: Range,
  usualSeconds: (taskKey: string) => number | null,
): Range[] {
  const starts: Range[] = [];
  let start = runningLeft;
  for (const job of waiting) {
    starts.push(start);
    start = startAfter(start, usualSeconds(job.taskKey));
  }
  return starts;
}

/** When a job starts whose forerunner does then and takes so long, seconds; null where either is unknown. */
export function startAfter(start: Range, usual: number | null): Range {
  return start && usual !== null ? { low: start.low + usual, high: start.high + usual } : null;
}
