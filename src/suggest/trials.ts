import type { LaunchedRow } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import { pooledSpread } from '../core/noise.ts';
import { valueIn } from '../core/objective.ts';
import { isPlaceOfOutput } from '../core/output-settings.ts';
import type { Preset } from '../core/preset.ts';
import { checkOption } from '../launch/check.ts';
import { givenTo, isOf } from './origin.ts';
import { nameOf } from './space.ts';
import type { Trial } from './types.ts';

/** Of so many runs, the best and the newest, the resolved settings are read. */
const BEST_READ = 100;
const NEWEST_READ = 200;
/** Rows that are gone through at a time before others may go on. */
const ROWS_AT_ONCE = 2_000;

/**
 * A preset's runs as a session's log tells them, whatever started them: with what they were given, and with what
 * their tasks took for the rest.
 */
export async function trialsOf(
  rows: readonly LaunchedRow[],
  preset: Preset,
  presets: readonly Preset[],
  objective: { metric: string; mode: 'min' | 'max' } | null,
  resolvedOf: (job: JobKey) => Promise<Record<string, string> | null>,
  /** Whether somebody ended a run that failed, or its observer went: that says nothing of its settings. */
  wasStopped: (job: JobKey) => boolean,
): Promise<Trial[]> {
  const found: { row: LaunchedRow; trial: Trial; given: Record<string, string> | null }[] = [];
  for (const [index, each] of rows.entries()) {
    if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await new Promise(setImmediate);
    const { row } = each;
    if (row.status === 'superseded' && row.started_at === '') continue;
    if (!isOf(preset, presets, each)) continue;
    const given = givenTo(each, preset);
    found.push({
      row: each,
      given,
      trial: {
        id: row.experiment_id,
        settings: accepted(preset, given ?? {}),
        value: objective && valueReached(row, objective.metric),
        status: row.status === 'failed' && each.job && wasStopped(each.job) ? 'cancelled' : row.status,
        endedAt: timeOf(row),
      },
    });
  }
  for (const { row, trial, given } of readFirst(found, objective?.mode ?? 'min')) {
    const resolved = row.job && (await resolvedOf(row.job));
    if (!resolved) continue;
    const own = declared(preset, resolved);
    if (given === null) trial.settings = own;
    else trial.known = Object.fromEntries(Object.entries(own).filter(([key]) => !(key in trial.settings)));
  }
  return found.map(({ trial }) => trial);
}

/** The spread of runs that differ in nothing but seeds, all of them together; null without repeats. */
export function noiseOf(preset: Preset, trials: readonly Trial[]): number | null {
  const groups = Map.groupBy(
    trials.filter(({ value, status }) => value !== null && Number.isFinite(value) && status === 'completed'),
    ({ settings, known }) => nameOf(preset.options, { ...known, ...settings }, { seeds: false }),
  );
  const values = [...groups.values()].map((group) => group.map(({ value }) => value!));
  return pooledSpread(values)?.deviation ?? null;
}

/** NaN for a value of the metric that is no finite number. */
function valueReached(row: LaunchedRow['row'], metric: string): number | null {
  const value = valueIn(row, metric);
  if (value !== null && Number.isFinite(value)) return value;
  const isNone =
    row.objective_metric === metric && /^[-+]?(nan|inf|infinity)$/i.test(row.objective_value.trim());
  return isNone || value !== null ? Number.NaN : null;
}

function timeOf({ ended_at, started_at, created_at }: LaunchedRow['row']): number | null {
  const at = Date.parse(ended_at || started_at || created_at);
  return Number.isNaN(at) ? null : at;
}

/** What the preset may set: what it declares, and what it allows beyond, but where a run writes: the next one would write over it. */
function accepted(preset: Preset, given: Readonly<Record<string, string>>): Record<string, string> {
  const isAllowed = (key: string) =>
    Object.hasOwn(preset.options, key) || preset.allowExtra.includes(key) || preset.allowExtra.includes('*');
  return Object.fromEntries(Object.entries(given).filter(([key]) => isAllowed(key) && !isPlaceOfOutput(key)));
}

/** Of resolved settings those that the preset declares and that a launch could pass. */
function declared(preset: Preset, resolved: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(preset.options).flatMap(([key, option]) => {
      const text = Object.hasOwn(resolved, key) ? resolved[key]! : undefined;
      if (text === undefined || text === 'null') return [];
      try {
        return [[key, checkOption(key, { ...option, ...WITHOUT_RANGE }, text)]];
      } catch {
        return option.type === 'choice' ? [[key, text]] : [];
      }
    }),
  );
}

/** A run beyond the range of today has its place all the same. */
const WITHOUT_RANGE = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

/** The best and the newest, so that a long log costs no more than a short one. */
function readFirst<T extends { trial: Trial }>(found: readonly T[], mode: 'min' | 'max'): Set<T> {
  const sign = mode === 'min' ? 1 : -1;
  const best = found
    .filter(({ trial }) => trial.status === 'completed' && Number.isFinite(trial.value ?? Number.NaN))
    .toSorted((a, b) => sign * (a.trial.value! - b.trial.value!));
  const newest = found.toSorted((a, b) => (b.trial.endedAt ?? 0) - (a.trial.endedAt ?? 0));
  return new Set([...best.slice(0, BEST_READ), ...newest.slice(0, NEWEST_READ)]);
}
