import { createChartService } from '../../charts/service.ts';
import { createTensorBoards, type TensorBoards } from '../../control/tensorboards.ts';
import type { Analysis } from '../../core/analysis.ts';
import type { Job } from '../../core/job.ts';
import type { ChartService, MetricsService } from '../../core/metrics.ts';
import type { JobRecord } from '../../core/services/jobs.ts';
import type { RunsService } from '../../core/services/runs.ts';
import type { SuggestService } from '../../core/services/suggestions.ts';
import type { Experiments } from '../../experiments/service.ts';
import type { Launches } from '../../launch/service.ts';
import { type Causes, createCauses, diagnosisVersion } from '../../notify/causes.ts';
import { createFacts, type Facts } from '../../notify/facts.ts';
import { createAnalyses } from '../../runs/analysis.ts';
import { createFingerprints } from '../../runs/fingerprints.ts';
import { readGitState } from '../../runs/git-state.ts';
import { createGuessedResults } from '../../runs/guessed-results.ts';
import { createResults, type Results } from '../../runs/results.ts';
import { createRunsService } from '../../runs/service.ts';
import { createCauseStore } from '../../store/causes.ts';
import { createKeptValues, OWN } from '../../store/kept-values.ts';
import { createRecomputedValues } from '../../store/recomputed-values.ts';
import { createRunSettingsStore } from '../../store/run-settings.ts';
import { createRunSettings } from '../../suggest/run-settings.ts';
import { createSuggestService } from '../../suggest/service.ts';
import type { Base } from './base.ts';
import type { Ingest } from './ingest.ts';
import type { Measures } from './measures.ts';
import type { Stores } from './stores.ts';

/** Metrics and results of runs. */
export interface Runs {
  metrics: MetricsService;
  charts: ChartService;
  runs: RunsService;
  analyses: { of(job: JobRecord): Promise<Analysis | null> };
  causes: Causes;
  facts: Facts;
  tensorboards: TensorBoards;
  results: Results;
  suggestions: SuggestService;
}

export function buildRuns(
  made: Base & {
    stores: Stores;
    ingest: Ingest;
    experiments: Experiments;
    measures: Measures;
    launches: Launches;
  },
  given: Partial<Runs> = {},
): Runs {
  const { db, queues, clock, log, timings, events, experiments, launches } = made;
  const { liveCharts } = timings;
  const { jobs } = made.ingest;
  const { jobs: jobStore, files } = made.stores;
  const { get: jobOf } = jobStore;
  const runFiles = (job: Job) => queues.of(job).runFiles(job);
  const experimentsOf = experiments.inSessionOf;
  const { metrics, starts } = made.measures;
  const charts = given.charts ?? createChartService({ files, mask: made.mask });
  const runs =
    given.runs ??
    createRunsService({
      ...{ jobs, experimentsOf, metrics, runFiles, clock },
      timezone: () => made.settings().timezone,
      queues: queues.ofSettings.length,
      presetOf: (job) => made.stores.launches.ofJob(job)?.preset,
    });
  const fingerprints = createFingerprints({ store: made.stores.fingerprints, jobOf, metrics, runFiles });
  const causes =
    given.causes ??
    createCauses({
      store: createCauseStore(db),
      readJobLog: async (job, ...which) => queues.of(job).readJobLog(job, ...which),
      version: diagnosisVersion(),
      log,
    });
  const { setOwner } = jobStore;
  const tensorboards =
    given.tensorboards ??
    createTensorBoards({
      ...{ queues, clock, log, timings: timings.tensorboard },
      kept: createKeptValues(db, OWN),
      placeOf: made.stores.runPlaces.get,
      onChange: (shown) => events.emit('runsShown', shown),
    });
  const facts =
    given.facts ??
    createFacts({
      queues,
      starts,
      runs,
      jobs,
      experiments,
      metrics,
      charts,
      launches,
      clock,
      log,
      causes,
      setOwner,
      links: () => made.settings().links,
      gitOf: (job) => readGitState(runFiles(job)),
      tensorBoardOf: tensorboards.showing,
      hostLabel: () => made.settings().hostLabel,
      liveCharts,
    });
  return {
    metrics,
    charts,
    runs,
    causes,
    facts,
    tensorboards,
    analyses: createAnalyses({ jobs, experimentsOf, metrics, fingerprints }),
    results: createResults({
      facts,
      fingerprints,
      experiments,
      jobOf,
      recentlyEnded: jobStore.recentlyEnded,
      queueOf: (key) => queues.find(key)?.name,
      valuesAnew: createRecomputedValues(db),
      guessed: createGuessedResults(createKeptValues(db, OWN)),
      log,
    }),
    suggestions: createSuggestService({
      jobs,
      launches,
      resolvedOf: createRunSettings({
        store: createRunSettingsStore(db),
        jobOf,
        read: metrics.configOnce,
        mask: made.mask,
      }),
      clock,
    }),
    ...given,
  };
}
