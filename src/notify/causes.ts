import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cause } from '../core/facts.ts';
import { type JobKey, jobKeyText } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { Queue } from '../core/queue.ts';
import type { CausesService } from '../core/services/causes.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import { isMachineText } from '../experiments/from-job.ts';
import type { CauseStore } from '../store/causes.ts';
import { causeOf, type Found, foundIn } from './cause.ts';

/** Log lines that are searched for a cause. */
const CAUSE_LINES = 2_000;
/** Failed jobs of a queue's history whose causes are looked for at a start; of older ones when they are asked for. */
const ADOPTED_MAX = 100;
const DIAGNOSIS = new URL('../diagnosis/', import.meta.url);

/** Names the rules by their own text, so that better ones replace what older ones found. */
export function diagnosisVersion(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(DIAGNOSIS).sort()) hash.update(readFileSync(new URL(file, DIAGNOSIS)));
  return hash.digest('base64url').slice(0, 12);
}

/**
 * Why failed jobs failed. A log is read when its job ends, or the first time someone asks, and the result is
 * kept; it is read again only for better rules. What cannot be read now is tried again the next time.
 */
export function createCauses(deps: {
  store: CauseStore;
  readJobLog: Queue['readJobLog'];
  version: string;
  log: Log;
}) {
  const { store, version, log } = deps;
  const underWay = new Map<string, Promise<Found>>();
  let isStopped = false;

  async function find(job: JobRecord, ended: string): Promise<Found> {
    const kept = store.get(job);
    const isOfThis = kept?.ended === ended;
    if (isOfThis && kept.version === version) return JSON.parse(kept.body) as Found;
    try {
      const { lines } = await deps.readJobLog(job, 'observer', CAUSE_LINES);
      const found = foundIn(job, lines);
      if (!isStopped) store.put(job, { ended, version, body: JSON.stringify(found) });
      return found;
    } catch (error) {
      log.debug({ err: error, job: job.jobId }, 'no log to find a cause in');
      return isOfThis ? (JSON.parse(kept.body) as Found) : foundIn(job, []);
    }
  }

  async function cause(job: JobRecord): Promise<Cause> {
    const { startedAt, endedAt, returnCode, error } = job;
    const ended = JSON.stringify([startedAt, endedAt, returnCode, error]);
    const key = `${jobKeyText(job)} ${ended}`;
    const work = underWay.get(key) ?? find(job, ended).finally(() => underWay.delete(key));
    underWay.set(key, work);
    return causeOf(job, await work);
  }

  return {
    /** Of a failed job. */
    cause,
    /** In one line; empty for a job that has not failed. */
    text: async (job: JobRecord | undefined): Promise<string> =>
      job?.status === 'failed' ? (await cause(job)).text : '',
    /** Looks for those of a queue's history; `jobs`: latest ended first. */
    async adopt(jobs: readonly JobRecord[]): Promise<void> {
      for (const job of jobs.filter(({ status }) => status === 'failed').slice(0, ADOPTED_MAX)) {
        if (isStopped) return;
        await cause(job);
        await nextTurn();
      }
    },
    /** Nothing is kept any more. */
    stop(): void {
      isStopped = true;
    },
  };
}

/** The same for commands. */
export function createCausesService(
  causes: Causes,
  jobOf: (key: JobKey) => JobRecord | undefined,
): CausesService {
  return {
    of: (key) => causes.text(jobOf(key)),
    async results(rows, experiments) {
      const results: string[] = [];
      for (const { experiment_id, result_summary } of rows) {
        const key = experiments.rows.jobOf(experiment_id);
        const job = key && jobOf(key);
        const isMachines = isMachineText('result_summary', result_summary, job);
        const cause = isMachines ? await causes.text(job) : '';
        // That a run ended by itself, or was cancelled, is its status; its result is what somebody saw.
        const isSaid = !isMachines || job?.status === 'failed';
        results.push(cause || (isSaid ? result_summary : ''));
      }
      return results;
    },
  };
}

export type Causes = ReturnType<typeof createCauses>;
