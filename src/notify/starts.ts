import type { Range } from '../core/facts.ts';
import type { JobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { MetricsService, Progress } from '../core/metrics.ts';
import type { Queue } from '../core/queue.ts';
import { startsNothing } from '../core/queues.ts';
import type { Resources } from '../core/resources.ts';
import type { JobRecord, JobsService } from '../core/services/jobs.ts';
import type { Clock } from '../core/time.ts';
import { estimatedStarts, secondsLeft, startAfter } from './estimate.ts';
import type { Soon } from './soon.ts';

/** How far down a queue starts are estimated: beyond, the sum of guesses says nothing. */
export const STARTS_ESTIMATED = 30;

/** Every card of what waits asks when the next place comes free: for so long one answer is theirs, milliseconds. */
const NEXT_END_MS = 1_000;

/** When what waits in a queue starts, as far as can be told from what runs and what such runs usually take. */
export function createStarts(deps: {
  jobs: Pick<JobsService, 'get' | 'usualSeconds'>;
  metrics: Pick<MetricsService, 'progress'>;
  soon: Soon;
  clock: Clock;
  log: Log;
}) {
  const { jobs, metrics, soon, clock, log } = deps;

  async function progressOf(job: JobRecord): Promise<Progress | null> {
    if (job.status !== 'running') return null;
    try {
      return await soon(metrics.progress(job), null);
    } catch (error) {
      log.debug({ err: error, job: job.jobId }, 'no progress');
      return null;
    }
  }

  async function leftOf(job: JobRecord): Promise<{ progress: Progress | null; left: Range }> {
    const progress = await progressOf(job);
    const usual = jobs.usualSeconds(job.taskKey, job.queue);
    return { progress, left: secondsLeft(job, progress, usual, clock()) };
  }

  const recordsOf = (keys: readonly (JobKey | undefined)[]): JobRecord[] =>
    keys.flatMap((key) => (key && jobs.get(key)) ?? []);

  /** The first `limit` that wait, each with its start; how many do in all. */
  async function waiting(queue: Queue, limit: number) {
    const snapshot = queue.snapshot();
    if (!snapshot) return { waiting: [], count: 0 };
    const records = recordsOf(snapshot.order.slice(0, limit).map((id) => snapshot.jobs.get(id)));
    const count = snapshot.order.length;
    const { startsAt } = snapshot;
    if (startsAt)
      return { waiting: records.map((job) => ({ job, startsIn: until(startsAt.get(job.jobId)) })), count };
    const usual = (task: string) => jobs.usualSeconds(task, queue.name);
    const starts = estimatedStarts(records, await nextEnd(queue), usual);
    return {
      waiting: records.map((job, index) => ({ job, startsIn: starts[index] ?? null })),
      count,
    };
  }

  /** Seconds to a scheduler's own time, epoch seconds. */
  function until(at: number | undefined): Range {
    if (at === undefined) return null;
    const seconds = Math.max(0, at - clock() / 1000);
    return { low: seconds, high: seconds };
  }

  const known = new Map<string, { running: string; at: number; end: Promise<Range> }>();

  /** When the next place comes free: at once where nothing runs; null where nothing starts, or nobody knows. */
  function nextEnd(queue: Queue): Promise<Range> {
    const { running = [], observer } = queue.snapshot() ?? {};
    const what = JSON.stringify([running, observer?.active]);
    const found = known.get(queue.name);
    if (found?.running === what && performance.now() - found.at < NEXT_END_MS) return found.end;
    const end = findNextEnd(queue);
    known.set(queue.name, { running: what, at: performance.now(), end });
    return end;
  }

  async function findNextEnd(queue: Queue): Promise<Range> {
    const snapshot = queue.snapshot();
    // Without an observer nothing starts, whatever runs on to its end.
    if (!snapshot || startsNothing(queue)) return null;
    const running = recordsOf(snapshot.running.map((id) => snapshot.jobs.get(id)));
    if (running.length === 0) return { low: 0, high: 0 };
    const left = await Promise.all(running.map(async (job) => (await leftOf(job)).left));
    return left.flatMap((each) => each ?? []).sort((a, b) => a.high - b.high)[0] ?? null;
  }

  return {
    leftOf,
    waiting,

    /**
     * When one more job at the end of a queue would start, given these where a scheduler runs it; `refused`: that would not take
     * it; null where nobody knows.
     */
    async next(queue: Queue, resources?: Resources): Promise<Range | 'refused'> {
      if (queue.startOf) {
        const at = await queue.startOf(resources);
        return typeof at === 'number' ? until(at) : at;
      }
      const { waiting: ahead, count } = await waiting(queue, STARTS_ESTIMATED);
      const last = ahead.at(-1);
      if (!last) return nextEnd(queue);
      if (count > ahead.length) return null;
      return startAfter(last.startsIn, jobs.usualSeconds(last.job.taskKey, queue.name));
    },
  };
}

export type Starts = ReturnType<typeof createStarts>;
