import { checkOption } from '../launch/check.ts';
import { dullRuns, isBad, isPending, lossOf, type Streak } from './history.ts';
import { type Axis, axesOf, nameOf, SIGNIFICANT_DIGITS } from './space.ts';
import { type Expectation, fitSurface, levelled, type Point } from './surface.ts';
import type { SuggestInput, Trial } from './types.ts';

/** The best run is looked for among this part of all, the luckiest values. */
const LEADING_PART = 0.2;
/** The surface goes through so many runs of a kind at most: the best, the newest, and those nearest to the best. */
const POINTS_OF_A_KIND = 60;
/** Runs that have no value yet and are imagined to come out as expected. */
const IMAGINED_MAX = 60;
const CHOICE_DISTANCE = 0.25;

/** Where settings lie, axis by axis; null where that is not known. */
export type Places = readonly (number | null)[];

/** An ended run with a place in the ranges. */
export interface Placed {
  trial: Trial;
  places: Places;
  /** Less is better; what is far out of the others is brought nearer. */
  value: number;
}

/** All that suggestions go by, worked out once. */
export interface Study {
  input: SuggestInput;
  axes: readonly Axis[];
  /** What a launch passes where nothing else is said. */
  defaults: Record<string, string>;
  /** Completed runs with a value. */
  runs: readonly Placed[];
  /** Runs that the surface goes through, bad ones too. */
  points: readonly Placed[];
  /** How many runs it could go through. */
  pointsOf: number;
  surface: (places: Places) => Expectation;
  /** The surfaces that explain the ended runs nearly as well as the best does, each by itself. */
  plausible: readonly ((places: Places) => Expectation)[];
  /** What further runs are varied from; null without a run that has a value. */
  base: Base | null;
  dull: Streak;
  placesOf(trial: Pick<Trial, 'settings' | 'known'>): Places;
  /** A value of an option as a run had it, its task's own where it was not passed. */
  valueAt(trial: Pick<Trial, 'settings' | 'known'>, key: string): string | undefined;
  /** Whether exactly this was made or is planned. */
  isTaken(settings: Readonly<Record<string, string>>): boolean;
  /** Who dismissed exactly this; undefined: nobody. */
  dismissedAs(settings: Readonly<Record<string, string>>): SuggestInput['dismissed'][number] | undefined;
}

/** The best run, with what of it the preset no longer accepts put right. */
export interface Base {
  run: Placed;
  settings: Record<string, string>;
  places: Places;
  /** Options whose value had to be put right. */
  mended: string[];
}

export function studyOf(input: SuggestInput): Study {
  const { options, trials, mode } = input;
  const defaults = defaultsOf(input);
  const taskDefaults = knownDefaults(trials);
  const valueAt = ({ settings, known }: Pick<Trial, 'settings' | 'known'>, key: string) =>
    settings[key] ?? known?.[key] ?? taskDefaults[key];

  const best = bestOf(input);
  const anchors = Object.fromEntries(
    Object.keys(options).map((key) => [key, (best && valueAt(best, key)) ?? defaults[key]]),
  ) as Record<string, string>;
  const axes = axesOf(options, anchors);
  const placesOf = (trial: Pick<Trial, 'settings' | 'known'>): Places =>
    axes.map(({ key, placeOf }) => placeOf(valueAt(trial, key)));

  const valued = trials.filter((trial) => lossOf(trial, mode) !== null);
  const losses = levelled(valued.map((trial) => lossOf(trial, mode)!));
  const runs = valued.map((trial, index) => ({ trial, places: placesOf(trial), value: losses[index]! }));
  const worst = losses.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const bad = runs.length === 0 ? [] : trials.filter(isBad);
  const all = [...runs, ...bad.map((trial) => ({ trial, places: placesOf(trial), value: worst }))];
  const points = telling(axes, all);
  const real = points.map((run): Point => ({ at: vectorOf(axes, run.places), value: run.value }));
  const surfaceOf = (through: readonly Point[]) => {
    const { at, plausible } = fitSurface(through, input.noise);
    return [at, ...plausible].map((each) => (places: Places) => each(vectorOf(axes, places)));
  };
  const [first, ...plausibleFirst] = surfaceOf(real) as [Study['surface'], ...Study['plausible']];
  const imagined = trials
    .filter(isPending)
    .slice(-IMAGINED_MAX)
    .map((trial): Point => {
      const places = placesOf(trial);
      return { at: vectorOf(axes, places), value: first(places).mean };
    });
  const isAwaiting = imagined.length > 0 && real.length > 0;
  const [surface] = (isAwaiting ? surfaceOf([...real, ...imagined]) : [first]) as [Study['surface']];

  const rules = { others: taskDefaults, seeds: false, digits: SIGNIFICANT_DIGITS };
  const name = (settings: Readonly<Record<string, string>>) => nameOf(options, settings, rules);
  const taken = new Set(trials.map(({ settings, known }) => name({ ...known, ...settings })));
  const dismissed = new Map(input.dismissed.map((each) => [name(each.assignments), each]));

  const incumbent = incumbentOf(runs, first);
  return {
    input,
    axes,
    defaults,
    runs,
    points,
    pointsOf: all.length,
    surface,
    plausible: plausibleFirst,
    base: incumbent && baseOf(input, incumbent, placesOf),
    dull: dullRuns(input),
    placesOf,
    valueAt,
    isTaken: (settings) => taken.has(name(settings)),
    dismissedAs: (settings) => dismissed.get(name(settings)),
  };
}

/** What tasks took for options that were not passed, by the latest run that tells. */
export function knownDefaults(trials: readonly Trial[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { known } of trials) Object.assign(found, known);
  return found;
}

/** What the preset itself says; what it does not, the task does. */
function defaultsOf({ options }: SuggestInput): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([key, option]) =>
      option.default === undefined ? [] : [[key, option.default]],
    ),
  ) as Record<string, string>;
}

function bestOf({ trials, mode }: SuggestInput): Trial | undefined {
  let best: Trial | undefined;
  for (const trial of trials) {
    const loss = lossOf(trial, mode);
    if (loss !== null && (!best || loss < lossOf(best, mode)!)) best = trial;
  }
  return best;
}

/** Of the best runs the one that its neighbours bear out most: a single value may be luck. */
function incumbentOf(runs: readonly Placed[], surface: Study['surface']): Placed | null {
  const leading = runs
    .toSorted((a, b) => a.value - b.value)
    .slice(0, Math.min(POINTS_OF_A_KIND, Math.max(1, runs.length * LEADING_PART)));
  const expected = leading.map(({ places }) => surface(places).mean);
  return leading[expected.indexOf(Math.min(...expected))] ?? null;
}

/** Of many runs those that tell most of where to go on: the surface costs the cube of their number. */
function telling(axes: readonly Axis[], all: readonly Placed[]): readonly Placed[] {
  if (all.length <= 3 * POINTS_OF_A_KIND) return all;
  const byValue = all.toSorted((a, b) => a.value - b.value);
  const center = vectorOf(axes, byValue[0]!.places);
  const distances = new Map(
    all.map((run) => [
      run,
      vectorOf(axes, run.places).reduce((sum, at, index) => sum + (at - center[index]!) ** 2, 0),
    ]),
  );
  const kept = new Set([
    ...byValue.slice(0, POINTS_OF_A_KIND),
    ...all.toSorted((a, b) => (b.trial.endedAt ?? 0) - (a.trial.endedAt ?? 0)).slice(0, POINTS_OF_A_KIND),
    ...all.toSorted((a, b) => distances.get(a)! - distances.get(b)!).slice(0, POINTS_OF_A_KIND),
  ]);
  return all.filter((run) => kept.has(run));
}

/** A run's settings as the preset accepts them today, and where they lie. */
function baseOf(
  { options }: SuggestInput,
  run: Placed,
  placesOf: (trial: Pick<Trial, 'settings' | 'known'>) => Places,
): Base {
  const axes = new Map(axesOf(options, run.trial.settings).map((axis) => [axis.key, axis]));
  const settings: Record<string, string> = {};
  const mended: string[] = [];
  for (const [key, text] of Object.entries(run.trial.settings)) {
    const option = Object.hasOwn(options, key) ? options[key] : undefined;
    if (!option || isAccepted(key, option, text)) {
      settings[key] = text;
      continue;
    }
    mended.push(key);
    const axis = axes.get(key);
    const place = axis?.isCategory === false ? axis.placeOf(text) : null;
    const instead = place === null ? option.default : axis!.textAt(place);
    if (instead !== undefined) settings[key] = instead;
  }
  const { known } = run.trial;
  return { run, settings, places: placesOf({ settings, ...(known ? { known } : {}) }), mended };
}

function isAccepted(key: string, option: SuggestInput['options'][string], text: string): boolean {
  try {
    checkOption(key, option, text);
    return true;
  } catch {
    return false;
  }
}

/** As numbers among which distance means something: choices are equally far from one another, and from none. */
function vectorOf(axes: readonly Axis[], places: Places): number[] {
  return axes.flatMap((axis, index) => {
    const place = places[index] ?? null;
    if (!axis.isCategory) return place === null ? [0.5, CHOICE_DISTANCE] : [place, 0];
    const chosen = place === null ? -1 : Math.round(place * (axis.count - 1));
    return Array.from({ length: axis.count }, (_, each) => (each === chosen ? CHOICE_DISTANCE : 0));
  });
}
