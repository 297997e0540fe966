import type { Digest, DigestService, Period } from './core/digest.ts';
import type { GpusService } from './core/gpus.ts';
import { isEnded, taskName } from './core/job.ts';
import type { Queue } from './core/queue.ts';
import type { ExperimentsService, JobsService, SuggestService } from './core/services.ts';
import type { Clock } from './core/time.ts';

const HOUR_MS = 3_600_000;
const LENGTH_MS: Record<Period, number> = { day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS };
/** More failures than this are counted. */
const FAILED_SHOWN = 10;

/** What the last day or week has come to, from the memory alone. */
export function createDigests(deps: {
  queue: Pick<Queue, 'snapshot'>;
  jobs: Pick<JobsService, 'ranSince'>;
  gpus: Pick<GpusService, 'count'>;
  suggestions: SuggestService;
  clock: Clock;
}): DigestService {
  const { clock } = deps;

  function next(experiments: ExperimentsService): Pick<Digest, 'next' | 'stop'> {
    try {
      const { preset, suggestions, stop } = deps.suggestions.suggest(experiments, undefined, 1);
      const [suggestion] = suggestions;
      return { next: suggestion ? { preset, suggestion } : null, stop: stop?.why ?? null };
    } catch {
      // Without an objective, or a preset to go by, nothing is suggested.
      return { next: null, stop: null };
    }
  }

  return {
    async make(period, experiments): Promise<Digest> {
      const to = clock();
      const from = to - LENGTH_MS[period];
      const ran = deps.jobs.ranSince(from);
      const within = ran.filter(
        ({ status, endedAt }) => isEnded(status) && endedAt !== null && endedAt * 1000 >= from,
      );
      const gpus = await deps.gpus.count().catch(() => null);
      const stretches = ran.map((job) => {
        const end = job.endedAt === null ? to : job.endedAt * 1000;
        const hours = Math.max(0, Math.min(end, to) - Math.max(job.startedAt! * 1000, from)) / HOUR_MS;
        return { hours, gpus: job.gpus ?? gpus };
      });
      const busyHours = stretches.reduce((sum, { hours }) => sum + hours, 0);
      const used = stretches.reduce((sum, each) => sum + each.hours * (each.gpus ?? 0), 0);
      const idleHours = Math.max(0, LENGTH_MS[period] / HOUR_MS - busyHours);
      const best = experiments.best();
      return {
        period,
        from,
        to,
        session: experiments.session().name,
        ended: [...Map.groupBy(within, ({ status }) => status)].map(([status, group]) => ({
          status,
          count: group.length,
        })),
        failed: within
          .filter(({ status }) => status === 'failed')
          .slice(-FAILED_SHOWN)
          .map(({ jobId, taskKey, error }) => ({ jobId, task: taskName(taskKey), why: error ?? '' })),
        learnt: experiments.judgedSince(from).map(({ experiment_id, result_summary, hypothesis }) => ({
          experiment_id,
          result_summary,
          hypothesis,
        })),
        best: best
          ? { experiment: best.experiment_id, metric: best.objective_metric, value: best.objective_value }
          : null,
        busyHours,
        idleHours,
        gpus,
        gpuHours: gpus === null ? null : { used, idle: idleHours * gpus },
        verdictsOpen: experiments.withoutVerdict().length,
        waiting: deps.queue.snapshot()?.order.length ?? 0,
        ...next(experiments),
      };
    },
  };
}
