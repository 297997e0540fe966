import { BotError } from '../core/errors.ts';
import type { LaunchedRow } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import { gpusHeld } from '../core/job-tasks.ts';
import { valueIn } from '../core/objective.ts';
import type { Preset } from '../core/preset.ts';
import type { JobRecord, JobsService } from '../core/services/jobs.ts';
import type { LaunchService } from '../core/services/launches.ts';
import type { SuggestService, Tried } from '../core/services/suggestions.ts';
import { inSlices, together } from '../core/slices.ts';
import type { SweepRun } from '../core/suggestion.ts';
import type { Clock } from '../core/time.ts';
import { spreadText } from '../core/units.ts';
import { WATCHER } from '../core/watch.ts';
import { runsLeft, whatIsSpent } from '../experiments/spent.ts';
import { findPreset } from '../launch/check.ts';
import { isOf } from './origin.ts';
import { suggest } from './policy.ts';
import { nameOf } from './space.ts';
import { knownDefaults, type Study, studyOf } from './study.ts';
import { grid, sweptAxes } from './sweep.ts';
import { noiseOf, trialsOf } from './trials.ts';
import type { SuggestInput } from './types.ts';

/** Suggestions and sweeps based on a session's log. */
export function createSuggestService(deps: {
  jobs: Pick<JobsService, 'get' | 'usualSeconds'>;
  launches: Pick<LaunchService, 'presets' | 'preview'>;
  /** What a run resolved its settings to; null where that cannot be read. */
  resolvedOf(job: JobKey): Promise<Record<string, string> | null>;
  clock: Clock;
}): SuggestService {
  const { launches, clock } = deps;

  /** The named preset, else the best run's, else the only one. */
  function presetFor(experiments: Tried, rows: readonly LaunchedRow[], name: string | undefined): Preset {
    const presets = launches.presets();
    if (name !== undefined) return findPreset(presets, name);
    const bestId = experiments.results.best()?.experiment_id;
    const best = rows.find(({ row }) => row.experiment_id === bestId);
    const ofBest = presets.filter((preset) => best && isOf(preset, presets, best));
    const found =
      ofBest.find((preset) => preset.name === best?.launch?.preset) ??
      ofBest[0] ??
      (presets.length === 1 ? presets[0] : undefined);
    if (found) return found;
    return findPreset(presets, presets.length === 0 ? '' : missing(presets));
  }

  /** What suggestions for a preset go by; `objective` null: the runs have no values. */
  async function inputFor(
    experiments: Tried,
    rows: readonly LaunchedRow[],
    preset: Preset,
  ): Promise<SuggestInput> {
    const { objective, target, budget } = experiments.session.info();
    const trials = await trialsOf(rows, preset, launches.presets(), objective, deps.resolvedOf, (key) =>
      wasStopped(deps.jobs.get(key)),
    );
    const best = experiments.results.best();
    const value = best && objective ? valueIn(best, objective.metric) : null;
    return {
      options: preset.options,
      metric: objective?.metric ?? '',
      mode: objective?.mode ?? 'min',
      target,
      trials,
      best: best && value !== null ? { id: best.experiment_id, value } : null,
      spent: whatIsSpent(budget, experiments.session.spent(), clock()),
      dismissed: experiments.dismissals.all().filter((each) => each.preset === preset.name),
      noise: noiseOf(preset, trials),
    };
  }

  return {
    async suggest(experiments, name, count) {
      const session = experiments.session.info();
      if (!session.objective)
        throw new BotError(
          'no-objective',
          `${session.name} has no objective, so it is unknown which run is better.`,
          'Set one: "session change metric=value/loss mode=min".',
        );
      const rows = await inSlices(together(experiments.rows.launchedPages()));
      const preset = presetFor(experiments, rows, name);
      const input = await inputFor(experiments, rows, preset);
      return { preset: preset.name, runs: input.trials.length, ...suggest(input, count) };
    },

    async sweep(experiments, request) {
      const preset = findPreset(launches.presets(), request.preset);
      const axes = sweptAxes(preset, request);
      const swept = new Set(axes.map(({ key }) => key));
      const single = Object.fromEntries(Object.entries(request.settings).filter(([key]) => !swept.has(key)));
      const rows = await inSlices(together(experiments.rows.launchedPages()));
      const input = await inputFor(experiments, rows, preset);
      const study = studyOf(input);
      const others = knownDefaults(input.trials);
      const name = (settings: Readonly<Record<string, string>>) =>
        nameOf(preset.options, settings, { others });
      const known = Map.groupBy(input.trials, (trial) => name({ ...trial.known, ...trial.settings }));

      const runs: SweepRun[] = [];
      const planned: SweepRun[] = [];
      let [made, underWay] = [0, 0];
      let shared: Record<string, string> = {};
      for (const values of grid(axes)) {
        const { assignments } = launches.preview(preset.name, { ...single, ...values });
        shared = Object.fromEntries(Object.entries(assignments).filter(([key]) => !swept.has(key)));
        const before = known.get(name(assignments)) ?? [];
        const of = (...statuses: string[]) => before.find(({ status }) => statuses.includes(status));
        if (of('completed', 'failed')) made += 1;
        else if (of('queued', 'running')) underWay += 1;
        else {
          const experimentId = of('planned')?.id ?? null;
          const expected = expectedAt(study, assignments);
          (experimentId === null ? runs : planned).push({ assignments, values, expected, experimentId });
        }
      }
      const { budget } = experiments.session.info();
      const spent = experiments.session.spent();
      return {
        axes,
        untuned: [...swept].filter((key) => preset.options[key]?.tune === false),
        shared,
        runs,
        planned,
        made,
        underWay,
        each: usualRun(rows, preset),
        left: {
          runs: runsLeft(budget, spent, clock()),
          gpuHours: budget.hours === undefined ? null : Math.max(0, budget.hours - spent.gpuHours),
        },
        sessionPlanned: rows.filter(({ row }) => row.status === 'planned').length,
      };
    },
  };

  /** What a run of the preset takes, by the last one that was made. */
  function usualRun(
    rows: readonly LaunchedRow[],
    preset: Preset,
  ): { hours: number | null; gpuHours: number | null } {
    for (const each of rows.toReversed()) {
      const job = each.job && isOf(preset, launches.presets(), each) ? deps.jobs.get(each.job) : undefined;
      const seconds = job && deps.jobs.usualSeconds(job.taskKey, job.queue);
      if (!job || !seconds) continue;
      const hours = seconds / 3_600;
      const gpus = gpusHeld(job, clock());
      return { hours, gpuHours: gpus === null ? null : hours * gpus };
    }
    return { hours: null, gpuHours: null };
  }
}

/** What the runs so far say of these settings; nothing where there are too few. */
function expectedAt(
  { runs, input, surface, placesOf }: Study,
  settings: Readonly<Record<string, string>>,
): string {
  if (runs.length < 2) return '';
  const { mean, deviation } = surface(placesOf({ settings }));
  return `${input.metric} about ${spreadText(input.mode === 'min' ? mean : -mean, deviation)}, by ${runs.length} runs`;
}

function missing(presets: readonly Preset[]): never {
  throw new BotError(
    'bad-option',
    'preset is missing: there are several, and no best run to choose by.',
    `The presets are: ${presets.map(({ name }) => name).join(', ')}.`,
    'preset',
  );
}

/** xax's words for a run that somebody, or an observer that went, has ended (queue.py of 0.4.9). */
const STOPPED = /^(Terminated by signal 15$|Recovered |Queue stopped while job was running)/;

/** A kill by a watch tells of the run itself, and is none of these. */
function wasStopped(job: JobRecord | undefined): boolean {
  if (!job) return false;
  return job.killedBy ? job.killedBy.name !== WATCHER.name : STOPPED.test(job.error ?? '');
}
