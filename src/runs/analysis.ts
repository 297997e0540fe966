import { type Analysis, analyse, noiseOf, type Outcome, spreadOf } from '../core/analysis.ts';
import type { Objective } from '../core/experiment.ts';
import { isEnded, type Job, type JobKey } from '../core/job.ts';
import type { MetricsService } from '../core/metrics.ts';
import { objectiveValue } from '../core/objective.ts';
import type { ExperimentsService, JobRecord, JobsService, LaunchService } from '../core/services.ts';

/** Settings that repeat a run instead of changing it. */
const SEED = /(^|[._])seed$/i;

type SessionView = Pick<ExperimentsService, 'session' | 'ofJob' | 'jobOf' | 'get' | 'rows' | 'bestBesides'>;

/** What ended runs' numbers say beside their parents' and the best. */
export function createAnalyses(deps: {
  jobs: Pick<JobsService, 'get'>;
  /** As seen from the session of a job. */
  experimentsOf(job: JobKey): SessionView;
  metrics: Pick<MetricsService, 'series'>;
  launches: Pick<LaunchService, 'origin'>;
}) {
  const { jobs, metrics, launches } = deps;

  async function outcomeOf(
    experiments: SessionView,
    experimentId: string,
    job: Job | undefined,
    objective: Objective,
  ): Promise<Outcome> {
    const none = { experimentId, value: null, noise: null, steps: null };
    const written = valueWritten(experiments, experimentId, objective);
    if (!job) return { ...none, value: written };
    const run = await metrics.series(job).catch(() => null);
    const series = run?.series.find(({ tag, length }) => tag === objective.metric && length > 0);
    if (!series) return { ...none, value: written };
    return {
      experimentId,
      value: written ?? objectiveValue(series, objective),
      noise: spreadOf(repeatsOf(experiments, job, objective)) ?? noiseOf(series),
      steps: series.steps[series.length - 1]!,
    };
  }

  /** What stands in the log, where it is about this objective. */
  function valueWritten(
    experiments: SessionView,
    experimentId: string,
    { metric }: Objective,
  ): number | null {
    const row = experiments.get(experimentId);
    if (!row || row.objective_metric !== metric || row.objective_value.trim() === '') return null;
    return Number(row.objective_value);
  }

  /** Values of the runs that were launched with the same settings but for seeds, its own among them. */
  function repeatsOf(experiments: SessionView, job: JobKey, objective: Objective): number[] {
    const own = launchText(job);
    if (own === null) return [];
    return experiments.rows().flatMap(({ experiment_id, status }) => {
      const key = status === 'completed' ? experiments.jobOf(experiment_id) : undefined;
      const value =
        key && launchText(key) === own ? valueWritten(experiments, experiment_id, objective) : null;
      return value !== null && Number.isFinite(value) ? [value] : [];
    });
  }

  function launchText(job: JobKey): string | null {
    const origin = launches.origin(job);
    if (!origin) return null;
    const settings = Object.entries(origin.assignments).filter(([key]) => !SEED.test(key));
    return JSON.stringify([origin.preset, settings.sort(([a], [b]) => (a < b ? -1 : 1))]);
  }

  function jobOf(experiments: SessionView, experimentId: string): JobRecord | undefined {
    const key = experiments.jobOf(experimentId);
    return key && jobs.get(key);
  }

  return {
    /** Null for a job that has not ended, or that the log does not know. */
    async of(job: JobRecord): Promise<Analysis | null> {
      const experiments = deps.experimentsOf(job);
      const row = experiments.ofJob(job);
      if (!row || !isEnded(job.status)) return null;
      const status = job.status as 'completed' | 'failed' | 'cancelled';
      const { objective } = experiments.session();
      if (!objective)
        return analyse({
          status,
          metric: null,
          mode: 'min',
          run: { experimentId: row.experiment_id, value: null, noise: null, steps: null },
          parent: null,
          best: null,
        });
      const { parent_experiment_id: parentId } = row;
      const best = experiments.bestBesides(row.experiment_id);
      const other = (id: string | undefined) =>
        id === undefined || id === '' || !experiments.get(id)
          ? null
          : outcomeOf(experiments, id, jobOf(experiments, id), objective);
      return analyse({
        status,
        metric: objective.metric,
        mode: objective.mode,
        run: await outcomeOf(experiments, row.experiment_id, job, objective),
        parent: await other(parentId),
        best: await other(best?.experiment_id),
      });
    },
  };
}

export type Analyses = ReturnType<typeof createAnalyses>;
