import type { Digest, DigestService, Period } from '../core/digest.ts';
import { BotError } from '../core/errors.ts';
import type { GpusService } from '../core/gpus.ts';
import { taskName } from '../core/job.ts';
import { parseValue, valueIn } from '../core/objective.ts';
import type { Queue } from '../core/queue.ts';
import type { JobRecord, JobsService } from '../core/services/jobs.ts';
import type { SuggestService, Tried } from '../core/services/suggestions.ts';
import type { Clock } from '../core/time.ts';

const HOUR_MS = 3_600_000;
const LENGTH_MS: Record<Period, number> = { day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS };
/** In this order they are told. */
const STATUSES = ['completed', 'failed', 'cancelled'] as const;
/** More failures than this are only counted: each costs a look into a log. */
const FAILED_SHOWN = 10;

/** What the last day or week has come to, from the database alone. */
export function createDigests(deps: {
  queue: Pick<Queue, 'snapshot'>;
  jobs: Pick<JobsService, 'ranSince' | 'endedSince'>;
  gpus: Pick<GpusService, 'count'>;
  /** Why a job failed, in one line. */
  causeOf(job: JobRecord): Promise<string>;
  suggestions: SuggestService;
  clock: Clock;
}): DigestService {
  const { clock } = deps;

  async function next(experiments: Tried): Promise<Pick<Digest, 'next' | 'stop'>> {
    try {
      const { preset, suggestions, stop } = await deps.suggestions.suggest(experiments, undefined, 1);
      const [suggestion] = suggestions;
      return { next: suggestion ? { preset, suggestion } : null, stop };
    } catch (error) {
      if (!(error instanceof BotError)) throw error;
      // Without an objective, or a preset to go by, nothing is suggested.
      return { next: null, stop: null };
    }
  }

  return {
    async make(period, experiments): Promise<Digest> {
      const to = clock();
      const from = to - LENGTH_MS[period];
      const ran = deps.jobs.ranSince(from);
      const within = deps.jobs.endedSince(from);
      const gpus = await deps.gpus.count().catch(() => null);
      const segments = ran.map((job) => {
        const end = job.endedAt === null ? to : job.endedAt * 1000;
        const hours = Math.max(0, Math.min(end, to) - Math.max(job.startedAt! * 1000, from)) / HOUR_MS;
        return { hours, gpus: job.gpus ?? gpus };
      });
      const busyHours = segments.reduce((sum, { hours }) => sum + hours, 0);
      const used = segments.reduce((sum, each) => sum + each.hours * (each.gpus ?? 0), 0);
      const idleHours = Math.max(0, LENGTH_MS[period] / HOUR_MS - busyHours);
      const best = experiments.results.best();
      const { objective } = experiments.session.info();
      return {
        period,
        from,
        to,
        session: experiments.session.info().name,
        ended: STATUSES.map((status) => ({
          status,
          count: within.filter((job) => job.status === status).length,
        })).filter(({ count }) => count > 0),
        runs: experiments.results.endedSince(from).map((row) => ({
          experiment: row.experiment_id,
          status: row.status,
          value: objective && valueIn(row, objective.metric),
          changes: row.change_summary,
        })),
        failed: await Promise.all(
          within
            .filter(({ status }) => status === 'failed')
            .sort((a, b) => b.endedAt! - a.endedAt!)
            .slice(0, FAILED_SHOWN)
            .map(async (job) => ({
              jobId: job.jobId,
              task: taskName(job.taskKey),
              why: await deps.causeOf(job),
            })),
        ),
        learnt: experiments.verdicts.since(from).map(({ experiment_id, result_summary, hypothesis }) => ({
          experiment_id,
          result_summary,
          hypothesis,
        })),
        best: best
          ? {
              experiment: best.experiment_id,
              metric: best.objective_metric,
              value: parseValue(best.objective_value)!,
            }
          : null,
        busyHours,
        idleHours,
        gpus,
        gpuHours: gpus === null ? null : { used, idle: idleHours * gpus },
        verdictsOpen: experiments.verdicts.missing().map(({ experiment_id }) => experiment_id),
        waiting: deps.queue.snapshot()?.order.length ?? 0,
        ...(await next(experiments)),
      };
    },
  };
}
