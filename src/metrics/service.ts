import { LRUCache } from 'lru-cache';
import { type Job, type JobStatus, jobKeyText } from '../core/job.ts';
import type { MetricsService, RunSeries } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';
import type { Clock } from '../core/time.ts';
import { withoutMetricsLog } from './metrics-log.ts';
import { createRunReader, type RunReader } from './run-reader.ts';

/** Runs whose points are kept in memory: the running one and the few that were asked for last. */
const RUNS_KEPT = 8;

interface Run {
  reader: RunReader;
  /** What is being read, and the job's status when that was asked for. */
  reading: { of: JobStatus; found: Promise<RunSeries> } | null;
}

/** Metrics of runs, read from their own files; only what is new is read again. */
export function createMetricsService(deps: { runFiles(job: Job): RunFiles; clock: Clock }): MetricsService {
  const runs = new LRUCache<string, Run>({ max: RUNS_KEPT });

  /** The run, as the most recently used one. */
  function use(job: Job): Run {
    const key = jobKeyText(job);
    const run = runs.get(key) ?? newRun(deps.runFiles(job));
    runs.set(key, run);
    return run;
  }

  /**
   * Once for all who ask at the same time; once more for who asks when the job has another status: what was read before
   * a run ended need not hold its last step.
   */
  function read(run: Run, { status }: Job): Promise<RunSeries> {
    if (run.reading?.of === status) return run.reading.found;
    const before = run.reading?.found.catch(() => {});
    const found = Promise.resolve(before)
      .then(() => run.reader.read())
      .finally(() => {
        if (run.reading?.found === found) run.reading = null;
      });
    run.reading = { of: status, found };
    return found;
  }

  return {
    series: (job) => read(use(job), job),

    eventSeries: (job) => createRunReader(withoutMetricsLog(deps.runFiles(job))).read(),

    async paced(job) {
      const run = use(job);
      const { writtenAt } = await read(run, job);
      return { series: run.reader.paced(), writtenAt };
    },

    async valued(job, take) {
      const run = use(job);
      const found = await read(run, job);
      return { ...found, series: take === 'mean' ? run.reader.paced() : run.reader.steady() };
    },

    async progress(job) {
      const { reader } = use(job);
      return reader.progress(job.startedAt === null ? null : job.startedAt * 1_000, deps.clock());
    },

    config: (job) => use(job).reader.settings(),
  };
}

function newRun(files: RunFiles): Run {
  return { reader: createRunReader(files), reading: null };
}
