import { LRUCache } from 'lru-cache';
import { isEnded, type Job, jobKeyText } from '../core/job.ts';
import type { Chart } from '../core/metrics.ts';
import type { Clock } from '../core/time.ts';

/** A running job's chart is redrawn after this fraction of its run time, within these bounds; milliseconds. */
const PART_OF_RUN = 1 / 30;
export const LIVE_CHART_TIMINGS = { soonestMs: 60_000, latestMs: 30 * 60_000 };
/** Charts that are remembered: those of the running job and of the last that ended. */
const KEPT = 50;

/**
 * Charts in cards. While a job runs, its chart is redrawn less and less often; when it has ended, once more and
 * for good.
 */
export function createLiveCharts(deps: {
  draw(job: Job): Promise<Chart | null>;
  clock: Clock;
  timings?: typeof LIVE_CHART_TIMINGS | undefined;
}) {
  const { soonestMs, latestMs } = deps.timings ?? LIVE_CHART_TIMINGS;
  const drawn = new LRUCache<string, { chart: Promise<Chart | null>; at: number; ended: boolean }>({
    max: KEPT,
  });

  return {
    chart(job: Job): Promise<Chart | null> {
      if (job.startedAt === null) return Promise.resolve(null);
      const key = jobKeyText(job);
      const known = drawn.get(key);
      const ended = isEnded(job.status);
      const isGood = known?.ended === ended && (ended || deps.clock() - known.at < pauseOf(job, known.at));
      if (isGood) return known.chart;
      const forget = () => {
        if (drawn.get(key)?.chart === chart) drawn.delete(key);
      };
      const chart = deps.draw(job).then(
        (found) => {
          // What had nothing to show yet is asked again.
          if (found === null && !ended) forget();
          return found;
        },
        (error) => {
          forget();
          throw error;
        },
      );
      drawn.set(key, { chart, at: deps.clock(), ended });
      return chart;
    },
  };

  function pauseOf({ startedAt }: Job, at: number): number {
    const ran = at - startedAt! * 1000;
    return Math.min(latestMs, Math.max(soonestMs, ran * PART_OF_RUN));
  }
}
