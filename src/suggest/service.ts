import { BotError } from '../core/errors.ts';
import type { ExperimentRow } from '../core/experiment.ts';
import { pooledSpread } from '../core/noise.ts';
import type { Preset } from '../core/preset.ts';
import type { ExperimentsService, JobsService, LaunchService, SuggestService } from '../core/services.ts';
import type { Clock } from '../core/time.ts';
import { runsLeft } from '../experiments/spent.ts';
import { findPreset } from '../launch/check.ts';
import { suggest } from './policy.ts';
import { axesOf, sweepPoints } from './space.ts';
import type { Trial } from './types.ts';

/** Settings that repeat a run instead of changing it. */
const SEED = /(^|[._])seed$/i;

/** Suggestions and sweeps over what a session's log says. */
export function createSuggestService(deps: {
  jobs: Pick<JobsService, 'get' | 'usualSeconds'>;
  launches: Pick<LaunchService, 'presets' | 'origin' | 'preview'>;
  clock: Clock;
}): SuggestService {
  const { launches, clock } = deps;

  /** What a row was, or is to be, launched from. */
  function launchOf(experiments: ExperimentsService, { experiment_id }: ExperimentRow) {
    const job = experiments.jobOf(experiment_id);
    return (job && launches.origin(job)) ?? experiments.planOf(experiment_id);
  }

  function trialsOf(experiments: ExperimentsService, preset: Preset, metric: string): Trial[] {
    return experiments.rows().flatMap((row) => {
      const launch = launchOf(experiments, row);
      if (launch?.preset !== preset.name) return [];
      const value =
        row.objective_metric === metric && row.objective_value !== ''
          ? Number(row.objective_value)
          : Number.NaN;
      const defaults = Object.entries(preset.options).flatMap(([key, option]) =>
        option.default === undefined ? [] : [[key, option.default]],
      );
      return [
        {
          id: row.experiment_id,
          settings: { ...Object.fromEntries(defaults), ...launch.assignments } as Record<string, string>,
          value: Number.isFinite(value) ? value : null,
          status: row.status,
        },
      ];
    });
  }

  /** The preset that is named, else the best run's, else the only one. */
  function presetFor(experiments: ExperimentsService, name: string | undefined): Preset {
    const presets = launches.presets();
    if (name !== undefined) return findPreset(presets, name);
    const best = experiments.best();
    const ofBest = best && launchOf(experiments, best)?.preset;
    const found =
      presets.find((preset) => preset.name === ofBest) ?? (presets.length === 1 ? presets[0] : undefined);
    if (found) return found;
    return findPreset(presets, presets.length === 0 ? '' : missing(presets));
  }

  return {
    suggest(experiments, name, count) {
      const preset = presetFor(experiments, name);
      const session = experiments.session();
      if (!session.objective)
        throw new BotError(
          'no-objective',
          `${session.name} has no objective, so nothing tells which run is better.`,
          'Name one: "session change metric=value/loss mode=min".',
        );
      const trials = trialsOf(experiments, preset, session.objective.metric);
      const found = suggest(
        {
          options: preset.options,
          mode: session.objective.mode,
          target: session.target,
          trials,
          runsLeft: runsLeft(session.budget, experiments.spent(), clock()),
          putOff: experiments
            .allPutOff()
            .filter((each) => each.preset === preset.name)
            .map(({ assignments }) => assignments),
          noise: noiseOf(trials),
        },
        count,
      );
      return { preset: preset.name, runs: trials.length, ...found };
    },

    sweep(experiments, name, key, { from, to, count, fixed }) {
      const preset = findPreset(launches.presets(), name);
      const option = Object.hasOwn(preset.options, key) ? preset.options[key]! : undefined;
      if (option?.type !== 'number' && option?.type !== 'integer')
        throw new BotError(
          'bad-option',
          `${key.slice(0, 60)} is no number of the preset ${preset.name}, so it has no range.`,
          `Its numbers: ${
            axesOf(preset.options, {})
              .filter(({ isCategory }) => !isCategory)
              .map((axis) => axis.key)
              .join(', ') || 'none'
          }.`,
        );
      const made = new Set(
        trialsOf(experiments, preset, experiments.session().objective?.metric ?? '').map(({ settings }) =>
          JSON.stringify(sorted(settings)),
        ),
      );
      const whole = sweepPoints(option, from, to, count).map(
        (value) => launches.preview(preset.name, { ...fixed, [key]: value }).assignments,
      );
      const points = whole.filter((settings) => !made.has(JSON.stringify(sorted(settings))));
      const usual = usualRun(experiments, preset.name);
      const hours = usual && (usual.seconds * points.length) / 3_600;
      const { budget } = experiments.session();
      const spent = experiments.spent();
      return {
        points,
        alreadyMade: whole.length - points.length,
        hours,
        gpuHours: hours && usual.gpus && hours * usual.gpus,
        left: {
          runs: runsLeft(budget, spent, clock()),
          gpuHours: budget.hours === undefined ? null : Math.max(0, budget.hours - spent.gpuHours),
        },
      };
    },
  };

  /** How long a run of the preset takes, and on how many GPUs (null: unknown), by the last one that was made. */
  function usualRun(
    experiments: ExperimentsService,
    preset: string,
  ): { seconds: number; gpus: number | null } | null {
    for (const row of experiments.rows().toReversed()) {
      const key = experiments.jobOf(row.experiment_id);
      const job = key && launches.origin(key)?.preset === preset ? deps.jobs.get(key) : undefined;
      const seconds = job && deps.jobs.usualSeconds(job.taskKey);
      if (job && seconds) return { seconds, gpus: job.gpus };
    }
    return null;
  }
}

function missing(presets: readonly Preset[]): never {
  throw new BotError(
    'bad-option',
    'preset is missing: there are several, and no best run to go by.',
    `There are: ${presets.map(({ name }) => name).join(', ')}.`,
    'preset',
  );
}

/** The spread of runs that differ in nothing but seeds, all of them together; null without repeats. */
function noiseOf(trials: readonly Trial[]): number | null {
  const groups = Map.groupBy(
    trials.filter(({ value, status }) => value !== null && status === 'completed'),
    ({ settings }) => JSON.stringify(sorted(settings).filter(([key]) => !SEED.test(key!))),
  );
  return (
    pooledSpread([...groups.values()].map((group) => group.map(({ value }) => value!)))?.deviation ?? null
  );
}

function sorted(settings: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
}
