import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Objective } from '../core/experiment.ts';
import { isEnded, type JobKey, jobKeyText } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { Experiments } from '../experiments/service.ts';
import type { Facts } from '../notify/facts.ts';
import type { RunResult } from '../notify/reached.ts';
import type { RecomputedValues } from '../store/recomputed-values.ts';
import type { Fingerprints } from './fingerprints.ts';
import type { GuessedResults } from './guessed-results.ts';

/** Ended runs of a queue's history whose results are looked up at a start; older ones have none. */
const ADOPTED_MAX = 500;

/** Records the results of finished runs, and their settings and code; their files no longer change. */
export function createResults(deps: {
  facts: Pick<Facts, 'result' | 'resultOfEventFiles'>;
  fingerprints: Pick<Fingerprints, 'settingsOf' | 'readAnew'>;
  experiments: Pick<Experiments, 'setResult' | 'session' | 'rows' | 'jobsOf'>;
  jobOf(key: JobKey): JobRecord | undefined;
  recentlyEnded(queue: string, limit: number): JobRecord[];
  /** The name of the queue that has a job; undefined where it is none of them any more. */
  queueOf(key: JobKey): string | undefined;
  valuesAnew: RecomputedValues;
  /** Of ends that may be taken back; absent: there are none. */
  guessed?: GuessedResults;
  log: Log;
}) {
  const { facts, fingerprints, experiments, log } = deps;
  const underWay = new Map<string, Promise<void>>();
  /** Of each queue by itself: one whose files hang holds up no other. */
  const recomputing = new Map<string | undefined, Promise<void>>();
  let isStopped = false;

  /** `before`: what is read of it as it was when its values were written; they give way where they are just that. */
  async function write(job: JobRecord, before?: (job: JobRecord) => Promise<RunResult>): Promise<void> {
    try {
      const { objective, latest } = await facts.result(job);
      const ours = (await before?.(job)) ?? deps.guessed?.before(job);
      await fingerprints.settingsOf(job);
      if (isStopped) return;
      experiments.setResult(job, objective, latest, ours?.objective, ours?.latest);
      deps.guessed?.keep(job, { objective, latest });
    } catch (error) {
      log.warn({ err: error, job: job.jobId }, 'the result of a run could not be read');
    }
  }

  /** Values that were taken from event files alone are taken from both logs, once; and what settings were taken for. */
  async function recomputeStale(queue: string): Promise<void> {
    for (const key of deps.valuesAnew.all().filter((each) => deps.queueOf(each) === queue)) {
      if (isStopped) return;
      const job = deps.jobOf(key);
      if (job && experiments.rows.ofJob(job)) {
        await fingerprints
          .readAnew(job)
          .catch((error) =>
            log.warn({ err: error, job: job.jobId }, 'the settings of a run could not be read'),
          );
        await write(job, facts.resultOfEventFiles);
      }
      if (!isStopped) deps.valuesAnew.done(key);
      await nextTurn();
    }
  }

  async function recomputeAll(keys: readonly JobKey[], before: Objective | null): Promise<void> {
    for (const key of keys) {
      if (isStopped) return;
      const job = deps.jobOf(key);
      if (!job || !isEnded(job.status) || job.startedAt === null) continue;
      await write(job, before ? (each) => facts.result(each, before) : undefined);
      await nextTurn();
    }
  }

  async function recomputed(): Promise<void> {
    await Promise.all(recomputing.values());
  }

  function record(job: JobRecord): Promise<void> {
    const key = jobKeyText(job);
    const work = write(job).finally(() => underWay.delete(key));
    underWay.set(key, work);
    return work;
  }

  return {
    record,
    /** It is known whose it is: a run that has ended already was measured before that. */
    async joined(key: JobKey): Promise<void> {
      const job = deps.jobOf(key);
      if (job && isEnded(job.status)) await record(job);
    },
    /** Resolves when this job's result is recorded, or could not be. */
    recorded: async (job: JobKey): Promise<void> => underWay.get(jobKeyText(job)),
    /**
     * Runs that ended before anybody watched, newest first: without them there would be no best on the first day. And
     * those whose values are to be recomputed. Of one queue.
     */
    async adopt(queue: string): Promise<void> {
      const jobs = deps
        .recentlyEnded(queue, ADOPTED_MAX)
        .filter(
          (job) =>
            job.startedAt !== null &&
            experiments.session.of(job).objective !== null &&
            experiments.rows.ofJob(job)?.objective_value === '',
        );
      for (const job of jobs) {
        if (isStopped) return;
        await write(job);
        await nextTurn();
      }
      await recomputeStale(queue);
    },
    /** A session has a new objective: its runs' values are recomputed, except those that people wrote. */
    recompute(session: string, before: Objective | null): void {
      const keys = Map.groupBy(experiments.jobsOf(session), (key) => deps.queueOf(key));
      for (const [queue, theirs] of keys) {
        const earlier = recomputing.get(queue) ?? Promise.resolve();
        recomputing.set(
          queue,
          earlier.then(() => recomputeAll(theirs, before)),
        );
      }
    },
    /** Resolves when nothing is left to recompute. */
    settled: recomputed,
    /** What is read now is read to its end. */
    async stop(): Promise<void> {
      isStopped = true;
      await recomputed();
    },
  };
}

export type Results = ReturnType<typeof createResults>;
