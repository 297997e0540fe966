import type { UsageShare } from '../core/services/runs.ts';
import { overlap, type Segment } from './usage.ts';

const HOUR_MS = 3_600_000;

/** What one job took of a queue. */
export interface Taken extends Segment {
  /** Whose share it is; empty where nobody knows. */
  of: string;
  /** The GPUs that it had; null where nobody knows. */
  gpus: number | null;
  /** Of some of its tasks nobody knows how long they ran. */
  isUntimed: boolean;
}

/** Who had how much of the queues since a time, the most first. `from` and `now` are epoch milliseconds. */
export function sharesOf(taken: readonly Taken[], from: number, now: number): UsageShare[] {
  const shares = new Map<string, UsageShare>();
  for (const each of taken) {
    const share = shares.get(each.of) ?? {
      of: each.of,
      jobs: 0,
      hours: 0,
      failedHours: 0,
      gpuHours: 0,
      untold: 0,
    };
    const hours = overlap(each, from, now, now) / HOUR_MS;
    share.jobs += 1;
    share.hours += hours;
    if (each.failed) share.failedHours += hours;
    // Hours of which nobody knows how many GPUs they were are not counted as any number of them.
    share.gpuHours += hours * (each.gpus ?? 0);
    if (each.gpus === null || each.isUntimed) share.untold += 1;
    shares.set(each.of, share);
  }
  return [...shares.values()].sort((a, b) => b.hours - a.hours || a.of.localeCompare(b.of));
}
