import { type Analysis, analyse, type Outcome } from '../core/analysis.ts';
import type { ExperimentRow, Objective } from '../core/experiment.ts';
import type { SettingsRepeat } from '../core/fingerprint.ts';
import { isEnded, type JobKey } from '../core/job.ts';
import { logStatus } from '../core/log-status.ts';
import type { MetricsService } from '../core/metrics.ts';
import { jitterOf, pooledSpread, TELLING_POINTS } from '../core/noise.ts';
import { objectiveValue, valueIn } from '../core/objective.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { JobRecord, JobsService } from '../core/services/jobs.ts';
import type { Fingerprints } from './fingerprints.ts';

type SessionView = Pick<ExperimentsService, 'session' | 'rows' | 'results'>;

/** Finished runs compared with their parents and the best. */
export function createAnalyses(deps: {
  jobs: Pick<JobsService, 'get'>;
  /** As seen from the session of a job. */
  experimentsOf(job: JobKey): SessionView;
  metrics: Pick<MetricsService, 'valued'>;
  fingerprints: Fingerprints;
}) {
  const { jobs, metrics, fingerprints } = deps;

  /** A row's own value, and what its curve tells. */
  async function curveOf(row: ExperimentRow, job: JobRecord | undefined, objective: Objective) {
    const written = valueIn(row, objective.metric);
    const run = job && (await metrics.valued(job, objective.take).catch(() => null));
    const series = run?.series.find(({ tag, length }) => tag === objective.metric && length > 0);
    return {
      own: written ?? (series ? objectiveValue(series, objective) : null),
      jitter: series && series.length >= TELLING_POINTS ? jitterOf(series, objective) : null,
      steps: series ? series.steps[series.length - 1]! : null,
    };
  }

  /** A row and its repeats as one: the mean of their values. */
  function together(
    row: ExperimentRow,
    { own, jitter, steps }: Awaited<ReturnType<typeof curveOf>>,
    repeats: readonly SettingsRepeat[],
  ): Outcome {
    const others = repeats.filter(({ experimentId }) => experimentId !== row.experiment_id);
    const values = own === null ? [] : [own, ...others.map(({ value }) => value)];
    return {
      experimentId: row.experiment_id,
      status: row.status,
      value: values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null,
      runs: Math.max(1, values.length),
      jitter,
      steps,
    };
  }

  return {
    /** Null for a job that has not ended, or that the log does not know. */
    async of(job: JobRecord): Promise<Analysis | null> {
      const experiments = deps.experimentsOf(job);
      const row = experiments.rows.ofJob(job);
      if (!row || !isEnded(job.status)) return null;
      const status = logStatus(job.status) as 'completed' | 'failed' | 'cancelled';
      const { objective } = experiments.session.info();
      const nothing = { own: null, jitter: null, steps: null };
      if (!objective)
        return analyse({
          status,
          metric: null,
          mode: 'min',
          own: null,
          run: together(row, nothing, []),
          parent: null,
          best: null,
          repeatsParent: false,
          seeds: null,
        });
      const groups = await fingerprints.groups(experiments.results.repeated(objective.metric));
      const printOf = async (other: JobRecord | undefined) =>
        other ? await fingerprints.of(other).catch(() => null) : null;
      const outcomeOf = async (other: ExperimentRow) => {
        const key = experiments.rows.jobOf(other.experiment_id);
        const record = key && jobs.get(key);
        const print = await printOf(record);
        const repeats = (print !== null && groups.get(print)) || [];
        return { outcome: together(other, await curveOf(other, record, objective), repeats), print };
      };

      const print = await printOf(job);
      const curve = await curveOf(row, job, objective);
      // A run that did not complete is judged alone: its value is not one of theirs.
      const repeats = (status === 'completed' && print !== null && groups.get(print)) || [];
      const parentRow = row.parent_experiment_id ? experiments.rows.get(row.parent_experiment_id) : undefined;
      const parent = parentRow && (await outcomeOf(parentRow));
      const bestRow = experiments.results.bestBefore(row);
      const best = bestRow && (await outcomeOf(bestRow));
      return analyse({
        status,
        metric: objective.metric,
        mode: objective.mode,
        own: curve.own,
        run: together(row, curve, repeats),
        parent: parent?.outcome ?? null,
        best: best?.outcome ?? null,
        repeatsParent: print !== null && parent?.print === print,
        seeds: pooledSpread([...groups.values()].map((group) => group.map(({ value }) => value))),
      });
    },
  };
}
