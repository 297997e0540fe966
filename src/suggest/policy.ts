import type { Suggestion, Suggestions } from '../core/suggestion.ts';
import { type Axis, axesOf } from './space.ts';
import { type Expectation, fitSurface, type Point } from './surface.ts';
import type { SuggestInput, Trial } from './types.ts';

/** After so many runs in a row that improved nothing: back to the best, and another option than those just tried. */
const TURN_AFTER = 2;
/** After so many the advice is to stop. */
const STOP_AFTER = 3;
/** Steps in which a numeric option is tried around the best. */
const STEPS = 24;
/** Places all over the ranges that are looked at after a turn. */
const FAR_PLACES = 160;
/** Rows that an explanation names. */
const ROWS_NAMED = 3;
/** The best run is looked for among this part of all, the luckiest values. */
const LEADING_PART = 0.2;
/** How much is given for what is not known yet, in deviations. */
const CURIOSITY = 1;

/** An ended run with a place in the ranges. */
interface Placed {
  trial: Trial;
  places: number[];
  /** Less is better. */
  value: number;
}

/** Something that could be tried. */
interface Candidate {
  places: number[];
  /** Keys that differ from the best. */
  changed: string[];
  expectation: Expectation;
}

/**
 * What to try next, the most promising first. Depth first: one option at a time around the best run, where a smooth
 * surface through all runs expects the most, with something added for what is not known. After two runs in a row
 * that improved nothing, another option than those just tried, or a place far from all; after three, the target
 * reached or the budget spent, the advice to stop. The same log gives the same suggestions, and no run is made twice.
 */
export function suggest(input: SuggestInput, count: number): Suggestions {
  const defaults = defaultsOf(input);
  const anchor = bestTrial(input)?.settings ?? defaults;
  const axes = axesOf(input.options, anchor);
  const stop = stopAdvice(input);
  const taken = new Set(
    [...input.trials.map(({ settings }) => settings), ...input.putOff].map((each) => nameOf(axes, each)),
  );
  const suggestions: Suggestion[] = [];
  const imagined: Point[] = [];
  for (let made = 0; made < count; made += 1) {
    const next = nextOf(input, axes, defaults, taken, imagined);
    if (!next) break;
    taken.add(nameOf(axes, next.suggestion.settings));
    imagined.push(next.imagined);
    suggestions.push(next.suggestion);
  }
  return { stop, suggestions };
}

function nextOf(
  input: SuggestInput,
  axes: readonly Axis[],
  defaults: Readonly<Record<string, string>>,
  taken: ReadonlySet<string>,
  imagined: readonly Point[],
): { suggestion: Suggestion; imagined: Point } | null {
  const runs = placed(input, axes);
  if (runs.length === 0)
    return taken.has(nameOf(axes, defaults))
      ? firstElsewhere(axes, defaults, taken)
      : baseline(axes, defaults);
  const points = [
    ...runs.map((run): Point => ({ at: vectorOf(axes, run.places), value: run.value })),
    ...imagined,
  ];
  const surface = fitSurface(points, input.noise);
  const best = incumbent(runs, axes, surface);
  const dull = dullRuns(input);
  const isTurning = dull.length >= TURN_AFTER;
  const avoided = isTurning ? changedBy(dull, best, axes) : new Set<string>();
  const candidates = [
    ...oneAtATime(axes, best, isTurning ? 2 : 1).filter(
      ({ changed }) => !changed.every((key) => avoided.has(key)) || avoided.size === axes.length,
    ),
    ...(isTurning ? farPlaces(axes, best, runs.length) : []),
  ].flatMap(({ places, changed }): Candidate[] => {
    const settings = settingsAt(axes, places, best.trial.settings);
    if (taken.has(nameOf(axes, settings))) return [];
    return [{ places, changed, expectation: surface(vectorOf(axes, places)) }];
  });
  const chosen = mostPromising(
    candidates,
    Math.min(...runs.map(({ value }) => value)),
    surface(vectorOf(axes, best.places)).mean,
  );
  if (!chosen) return null;
  const suggestion = explained(input, axes, runs, best, chosen, isTurning ? dull : []);
  return { suggestion, imagined: { at: vectorOf(axes, chosen.places), value: chosen.expectation.mean } };
}

/** Of the best runs the one that its neighbours bear out most: a single value may be luck. */
function incumbent(
  runs: readonly Placed[],
  axes: readonly Axis[],
  surface: (at: readonly number[]) => Expectation,
): Placed {
  const leading = runs
    .toSorted((a, b) => a.value - b.value)
    .slice(0, Math.max(1, runs.length * LEADING_PART));
  const expected = leading.map((run) => surface(vectorOf(axes, run.places)).mean);
  return leading[expected.indexOf(Math.min(...expected))]!;
}

/** Other values of one option each, or of two. */
function oneAtATime(
  axes: readonly Axis[],
  best: Placed,
  most: 1 | 2,
): { places: number[]; changed: string[] }[] {
  const single = axes.flatMap((axis, index) =>
    placesOn(axis).map((place) => ({ places: best.places.with(index, place), changed: [axis.key] })),
  );
  if (most === 1) return single;
  const pairs = axes.flatMap((first, one) =>
    axes.slice(one + 1).flatMap((second, more) =>
      coarse(first).flatMap((a) =>
        coarse(second).map((b) => ({
          places: best.places.with(one, a).with(one + 1 + more, b),
          changed: [first.key, second.key],
        })),
      ),
    ),
  );
  return [...single, ...pairs];
}

function placesOn(axis: Axis): number[] {
  const count = Math.min(STEPS + 1, axis.count);
  return Array.from({ length: count }, (_, index) => index / (count - 1));
}

function coarse(axis: Axis): number[] {
  const count = Math.min(7, axis.count);
  return Array.from({ length: count }, (_, index) => index / (count - 1));
}

/** Places spread over all ranges, the same every time: Halton's sequence (1960). */
function farPlaces(
  axes: readonly Axis[],
  best: Placed,
  from: number,
): { places: number[]; changed: string[] }[] {
  return Array.from({ length: FAR_PLACES }, (_, index) => {
    const places = axes.map((axis, dimension) =>
      onGrid(axis, halton(from + index + 1, PRIMES[dimension % PRIMES.length]!)),
    );
    const changed = axes
      .filter((_axis, dimension) => places[dimension] !== best.places[dimension])
      .map(({ key }) => key);
    return { places, changed };
  });
}

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19];

function halton(index: number, base: number): number {
  let [rest, part, value] = [index, 1 / base, 0];
  while (rest > 0) {
    value += (rest % base) * part;
    rest = Math.floor(rest / base);
    part /= base;
  }
  return value;
}

function onGrid(axis: Axis, place: number): number {
  if (!Number.isFinite(axis.count)) return place;
  return Math.round(place * (axis.count - 1)) / (axis.count - 1);
}

/** The largest expected improvement (Mockus 1978) over what the surface holds for the best. */
function mostPromising(
  candidates: readonly Candidate[],
  lowest: number,
  expectedBest: number,
): Candidate | undefined {
  const from = Math.max(lowest, expectedBest);
  let chosen: Candidate | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const candidate of candidates) {
    const gain = expectedGain(candidate.expectation, from);
    if (gain > most) [chosen, most] = [candidate, gain];
  }
  return chosen;
}

function expectedGain({ mean, deviation }: Expectation, from: number): number {
  const spread = CURIOSITY * deviation;
  const ahead = (from - mean) / spread;
  const density = Math.exp(-0.5 * ahead * ahead) / Math.sqrt(2 * Math.PI);
  return (from - mean) * normal(ahead) + spread * density;
}

/** The normal distribution up to `x`, to 1e-7 (Abramowitz and Stegun 1964, 26.2.17). */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  const tail =
    density *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0 ? 1 - tail : tail;
}

/** The last runs in a row that did not improve on what was best before them, latest last. */
export function dullRuns({ trials, mode, noise }: Pick<SuggestInput, 'trials' | 'mode' | 'noise'>): Trial[] {
  let best = Number.POSITIVE_INFINITY;
  let dull: Trial[] = [];
  for (const trial of trials) {
    if (trial.status !== 'completed' && trial.status !== 'failed') continue;
    const value = lessIsBetter(trial.value, mode);
    if (value !== null && value < best - (best === Number.POSITIVE_INFINITY ? 0 : (noise ?? 0))) dull = [];
    else dull = [...dull, trial];
    if (value !== null) best = Math.min(best, value);
  }
  return dull;
}

function stopAdvice(input: SuggestInput): Suggestions['stop'] {
  const { target, mode, runsLeft } = input;
  const best = bestTrial(input);
  if (
    target !== null &&
    best &&
    best.value !== null &&
    (mode === 'min' ? best.value <= target : best.value >= target)
  )
    return { why: `the target ${target} is reached: ${best.id} has ${short(best.value)}`, rows: [best.id] };
  if (runsLeft !== null && runsLeft <= 0) return { why: 'the budget of runs is spent', rows: [] };
  const dull = dullRuns(input);
  if (dull.length < STOP_AFTER) return null;
  const rows = dull.slice(-STOP_AFTER).map(({ id }) => id);
  const held = best ? ` on ${best.id}${best.value === null ? '' : ` (${short(best.value)})`}` : '';
  return { why: `the last ${dull.length} runs did not improve${held}: ${rows.join(', ')}`, rows };
}

function bestTrial({ trials, mode }: Pick<SuggestInput, 'trials' | 'mode'>): Trial | undefined {
  let best: Trial | undefined;
  for (const trial of trials) {
    if (trial.status !== 'completed' || trial.value === null) continue;
    if (!best || lessIsBetter(trial.value, mode)! < lessIsBetter(best.value, mode)!) best = trial;
  }
  return best;
}

function lessIsBetter(value: number | null, mode: 'min' | 'max'): number | null {
  return value === null || !Number.isFinite(value) ? null : mode === 'min' ? value : -value;
}

/** Completed runs as places. A failed one says no more than that it was tried. */
function placed({ trials, mode }: SuggestInput, axes: readonly Axis[]): Placed[] {
  return trials.flatMap((trial) => {
    const value = trial.status === 'completed' ? lessIsBetter(trial.value, mode) : null;
    if (value === null) return [];
    const places = axes.map((axis) => axis.placeOf(trial.settings[axis.key] ?? '') ?? 0.5);
    return [{ trial, places, value }];
  });
}

/** As numbers among which distance means something: choices are equally far from one another. */
function vectorOf(axes: readonly Axis[], places: readonly number[]): number[] {
  return axes.flatMap((axis, index) => {
    if (!axis.isCategory) return [places[index]!];
    const chosen = Math.round(places[index]! * (axis.count - 1));
    return Array.from({ length: axis.count }, (_, each) => (each === chosen ? CHOICE_DISTANCE : 0));
  });
}

const CHOICE_DISTANCE = 0.25;

function settingsAt(
  axes: readonly Axis[],
  places: readonly number[],
  base: Readonly<Record<string, string>>,
): Record<string, string> {
  const varied = axes.map((axis, index) => [axis.key, axis.textAt(places[index]!)] as const);
  // What is not varied stays as it was written, so that nothing changes by being rounded.
  const changed = varied.filter(([key], index) => axes[index]!.placeOf(base[key] ?? '') !== places[index]);
  return { ...base, ...Object.fromEntries(changed) };
}

function defaultsOf({ options }: SuggestInput): Record<string, string> {
  const given = Object.entries(options).flatMap(([key, option]) =>
    option.default === undefined ? [] : [[key, option.default]],
  );
  return Object.fromEntries(given) as Record<string, string>;
}

function nameOf(axes: readonly Axis[], settings: Readonly<Record<string, string>>): string {
  return JSON.stringify(
    axes.map(({ key, textAt, placeOf }) => {
      const place = placeOf(settings[key] ?? '');
      return place === null ? (settings[key] ?? null) : textAt(place);
    }),
  );
}

function changedBy(dull: readonly Trial[], best: Placed, axes: readonly Axis[]): Set<string> {
  return new Set(
    dull
      .slice(-TURN_AFTER)
      .flatMap(({ settings }) => axes.filter(({ key }) => settings[key] !== best.trial.settings[key]))
      .map(({ key }) => key),
  );
}

function baseline(
  axes: readonly Axis[],
  defaults: Readonly<Record<string, string>>,
): { suggestion: Suggestion; imagined: Point } {
  const settings = settingsAt(
    axes,
    axes.map((axis) => axis.placeOf(defaults[axis.key] ?? '') ?? 0.5),
    defaults,
  );
  return {
    imagined: { at: [], value: 0 },
    suggestion: {
      settings,
      changes: [],
      parent: null,
      hypothesis: 'a baseline to measure the others against',
      expected: 'a first value of the objective, and its noise',
      why: 'no run of this preset has a value yet; where the preset names no default, the middle of its range is taken',
      rows: [],
    },
  };
}

function firstElsewhere(
  axes: readonly Axis[],
  defaults: Readonly<Record<string, string>>,
  taken: ReadonlySet<string>,
): { suggestion: Suggestion; imagined: Point } | null {
  for (let index = 1; index <= FAR_PLACES; index += 1) {
    const places = axes.map((axis, dimension) =>
      onGrid(axis, halton(index, PRIMES[dimension % PRIMES.length]!)),
    );
    const settings = settingsAt(axes, places, defaults);
    if (taken.has(nameOf(axes, settings))) continue;
    const { suggestion, imagined } = baseline(axes, settings);
    return {
      imagined,
      suggestion: {
        ...suggestion,
        settings,
        hypothesis: 'a baseline elsewhere in the ranges gives a value',
        why: 'no run of this preset has a value yet, and its defaults were tried',
      },
    };
  }
  return null;
}

function explained(
  { mode }: SuggestInput,
  axes: readonly Axis[],
  runs: readonly Placed[],
  best: Placed,
  { places, expectation }: Candidate,
  dull: readonly Trial[],
): Suggestion {
  const settings = settingsAt(axes, places, best.trial.settings);
  const changes = axes
    .filter(({ key }) => settings[key] !== best.trial.settings[key])
    .map(({ key }) => ({ key, from: best.trial.settings[key] ?? null, to: settings[key]! }));
  const what = changes.map(({ key, from, to }) => `${key} ${from ?? 'unset'} -> ${to}`).join(', ');
  const near = nearest(runs, places);
  const signed = (value: number) => short(mode === 'min' ? value : -value);
  const about = `${signed(expectation.mean)} ± ${short(expectation.deviation)}`;
  const rows = near.map(({ trial, value }) => `${trial.id} ${signed(value)}`).join(', ');
  const turn =
    dull.length > 0
      ? `the last ${dull.length} runs (${dull
          .slice(-STOP_AFTER)
          .map(({ id }) => id)
          .join(', ')}) improved nothing, so back to ${best.trial.id} and another change; `
      : '';
  const luckiest = runs.reduce((lowest, run) => (run.value < lowest.value ? run : lowest));
  const doubt =
    luckiest === best
      ? ''
      : ` (${luckiest.trial.id} has ${signed(luckiest.value)}, which the runs beside it do not bear out)`;
  return {
    settings,
    changes,
    parent: best.trial.id,
    hypothesis: `${what} does better than ${best.trial.id} (${signed(best.value)})`,
    expected: `about ${about}`,
    why: `${turn}around the best run ${best.trial.id} (${signed(best.value)})${doubt} the nearest rows are ${rows}; a smooth curve through all ${runs.length} expects ${about} here, the most promising of what was not tried`,
    rows: [...new Set([best.trial.id, ...near.map(({ trial }) => trial.id), ...dull.map(({ id }) => id)])],
  };
}

function nearest(runs: readonly Placed[], places: readonly number[]): Placed[] {
  const distance = (run: Placed) =>
    run.places.reduce((sum, place, index) => sum + (place - places[index]!) ** 2, 0);
  return runs.toSorted((a, b) => distance(a) - distance(b)).slice(0, ROWS_NAMED);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
