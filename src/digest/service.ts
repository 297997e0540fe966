import type { Digest, DigestService, Period } from '../core/digest.ts';
import { BotError } from '../core/errors.ts';
import type { GpusService } from '../core/gpus.ts';
import { jobName, taskName } from '../core/job.ts';
import { gpusHeld } from '../core/job-tasks.ts';
import { parseValue, valueIn } from '../core/objective.ts';
import type { Queue } from '../core/queue.ts';
import type { Queues } from '../core/queues.ts';
import type { JobRecord, JobsService } from '../core/services/jobs.ts';
import type { SuggestService, Tried } from '../core/services/suggestions.ts';
import { inSlices } from '../core/slices.ts';
import type { Clock } from '../core/time.ts';

const HOUR_MS = 3_600_000;
const LENGTH_MS: Record<Period, number> = { day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS };
/** In this order they are told. */
const STATUSES = ['completed', 'failed', 'cancelled', 'ended'] as const;
/** More failures than this are only counted: each costs a look into a log. */
const FAILED_SHOWN = 10;

/** What the last day or week has come to, from the database alone. */
export function createDigests(deps: {
  queues: Pick<Queues, 'all' | 'ofSettings' | 'find'>;
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

  /** The hours of a queue in which a job ran, or none did, and the same by GPUs; null of them: nobody knows how many. */
  async function spentOn(
    queue: Queue,
    ran: readonly JobRecord[],
    { since, until }: { since: number; until: number },
  ) {
    const gpus = await deps.gpus.count(queue.name).catch(() => null);
    const mine = ran.filter((job) => deps.queues.find(job) === queue);
    const segments = mine.map((job) => {
      const end = job.endedAt === null ? until : job.endedAt * 1000;
      const hours = Math.max(0, Math.min(end, until) - Math.max(job.startedAt! * 1000, since)) / HOUR_MS;
      return { hours, gpus: gpusHeld(job, until) ?? gpus };
    });
    const busy = segments.reduce((total, { hours }) => total + hours, 0);
    const used = segments.reduce((total, each) => total + each.hours * (each.gpus ?? 0), 0);
    const idle = Math.max(0, (until - since) / HOUR_MS - busy);
    return { gpus, busy, idle, used, gpusIdle: idle * (gpus ?? 0) };
  }

  return {
    async make(period, experiments): Promise<Digest> {
      const until = clock();
      const since = until - LENGTH_MS[period];
      const ran = deps.jobs.ranSince(since);
      const within = deps.jobs.endedSince(since);
      const spent = await Promise.all(
        deps.queues.ofSettings.map((queue) => spentOn(queue, ran, { since, until })),
      );
      const sum = (of: 'busy' | 'idle' | 'used' | 'gpusIdle') =>
        spent.reduce((total, each) => total + each[of], 0);
      const [busyHours, idleHours] = [sum('busy'), sum('idle')];
      const known = spent.flatMap(({ gpus }) => gpus ?? []);
      const gpus = known.length === 0 ? null : known.reduce((total, each) => total + each, 0);
      const best = experiments.results.best();
      const { objective } = experiments.session.info();
      return {
        period,
        since,
        until,
        session: experiments.session.info().name,
        ended: STATUSES.map((status) => ({
          status,
          count: within.filter((job) => job.status === status).length,
        })).filter(({ count }) => count > 0),
        runs: (await inSlices(experiments.results.endedSince(since))).map((row) => ({
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
              jobId: jobName(job),
              task: taskName(job.taskKey),
              why: await deps.causeOf(job),
            })),
        ),
        learnt: (await inSlices(experiments.verdicts.since(since))).map(
          ({ experiment_id, result_summary, hypothesis }) => ({ experiment_id, result_summary, hypothesis }),
        ),
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
        gpuHours: gpus === null ? null : { used: sum('used'), idle: sum('gpusIdle') },
        verdictsOpen: (await inSlices(experiments.verdicts.missing())).ids,
        waiting: deps.queues.all.reduce((total, queue) => total + (queue.snapshot()?.order.length ?? 0), 0),
        ...(await next(experiments)),
      };
    },
  };
}
