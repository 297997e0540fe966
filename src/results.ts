import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JobRecord } from './core/services.ts';
import type { Experiments } from './experiments/service.ts';
import type { Log } from './log.ts';
import type { Facts } from './notify/facts.ts';

/** Ended runs of a queue's history whose results are looked up at a start; older ones have none. */
const ADOPTED_MAX = 500;

/** Writes down what runs that ended have reached; their files no longer change. */
export function createResults(deps: {
  facts: Pick<Facts, 'result'>;
  experiments: Pick<Experiments, 'setResult' | 'sessionOf' | 'ofJob'>;
  recentlyEnded(limit: number): JobRecord[];
  log: Log;
}) {
  const { facts, experiments, log } = deps;
  let isStopped = false;

  async function record(job: JobRecord): Promise<void> {
    try {
      const { objective, latest } = await facts.result(job);
      if (!isStopped) experiments.setResult(job, objective, latest);
    } catch (error) {
      log.warn({ err: error, job: job.jobId }, 'the result of a run could not be read');
    }
  }

  return {
    record,
    /** Runs that ended before anybody watched, newest first: without them there would be no best on the first day. */
    async adopt(): Promise<void> {
      const jobs = deps
        .recentlyEnded(ADOPTED_MAX)
        .filter(
          (job) =>
            job.startedAt !== null &&
            experiments.sessionOf(job).objective !== null &&
            experiments.ofJob(job)?.objective_value === '',
        );
      for (const job of jobs) {
        if (isStopped) return;
        await record(job);
        await nextTurn();
      }
    },
    stop(): void {
      isStopped = true;
    },
  };
}
