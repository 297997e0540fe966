import type { PresetOption } from '../src/core/preset.ts';
import { seededRandom } from '../src/queue/simulated/random.ts';
import { suggest } from '../src/suggest/policy.ts';
import { type Axis, axesOf } from '../src/suggest/space.ts';
import type { Trial } from '../src/suggest/types.ts';
import { FUNCTIONS, type TestFunction } from './suggest-functions.ts';
import { type Bench, percentile, type Row } from './table.ts';

const SEEDS = Number(process.env.BENCH_SEEDS ?? 50);
/** A search that has not reached the goal by then counts as this many runs. */
const RUNS_MAX = 150;
/** The noise's standard deviation, and how near to the lowest value the goal is, as parts of the function's range. */
const NOISE = 0.05;
const GOAL = 0.02;

type Settings = Record<string, string>;
/** Proposes the next run, given all before it. */
type Search = (history: readonly { settings: Settings; value: number }[]) => Settings;

const METHODS: Record<string, (given: TestFunction, random: () => number) => Search> = {
  suggest: byPolicy,
  random: byChance,
  grid: byGrid,
  TPE: byTpe,
};

/** Runs until a suggested run's true value is near the optimum, beside random search, a grid and TPE. */
export async function benchSuggest(): Promise<Bench> {
  const rows: Row[] = [];
  const wins: Record<string, [won: number, level: number, lost: number]> = {
    random: [0, 0, 0],
    grid: [0, 0, 0],
    TPE: [0, 0, 0],
  };
  for (const each of FUNCTIONS) {
    const medians = Object.fromEntries(
      Object.entries(METHODS).map(([name, create]) => [name, percentile(runsOf(each, create), 0.5)]),
    );
    for (const [name, value] of Object.entries(medians))
      rows.push({
        what: `${each.name}${each.separable ? '' : ' *'}: ${name}`,
        value,
        unit: 'runs',
        target: null,
      });
    for (const [name, count] of Object.entries(wins))
      count[medians.suggest! < medians[name]! ? 0 : medians.suggest === medians[name] ? 1 : 2] += 1;
    await new Promise(setImmediate);
  }
  for (const [name, [won, level, lost]] of Object.entries(wins))
    rows.push({
      what: `against ${name}: ${won} won, ${level} level, ${lost} lost`,
      value: won,
      unit: 'won',
      target: null,
    });
  return {
    name: `Suggestions: runs to within ${GOAL * 100} % of the optimum under ${NOISE * 100} % noise, medians of ${SEEDS} seeds, at most ${RUNS_MAX} (*: not separable)`,
    rows,
  };
}

function runsOf(
  given: TestFunction,
  create: (given: TestFunction, random: () => number) => Search,
): number[] {
  const range = given.highest - given.lowest;
  return Array.from({ length: SEEDS }, (_, seed) => {
    const noise = gaussian(seededRandom(seed * 2 + 1));
    const search = create(withStart(given, seededRandom(seed * 7 + 5)), seededRandom(seed * 3 + 2));
    const history: { settings: Settings; value: number }[] = [];
    for (let run = 1; run < RUNS_MAX; run += 1) {
      const settings = search(history);
      const value = given.value(numbersOf(given, settings));
      if (value <= given.lowest + GOAL * range) return run;
      history.push({ settings, value: value + NOISE * range * noise() });
    }
    return RUNS_MAX;
  });
}

/** The function with defaults at a place of chance: nobody begins at the optimum. */
function withStart(given: TestFunction, random: () => number): TestFunction {
  const axes = axesOf(given.options, {});
  const options = Object.fromEntries(
    axes.map((axis): [string, PresetOption] => [
      axis.key,
      { ...given.options[axis.key]!, default: axis.textAt(random()) },
    ]),
  );
  return { ...given, options };
}

function numbersOf({ options }: TestFunction, settings: Settings): Record<string, number> {
  return Object.fromEntries(
    Object.keys(options).map((key) => [
      key,
      options[key]!.type === 'boolean' ? Number(settings[key] === 'true') : Number(settings[key]),
    ]),
  );
}

function byPolicy({ options }: TestFunction): Search {
  return (history) => {
    const trials = history.map(
      ({ settings, value }, index): Trial => ({
        id: `run-${index + 1}`,
        settings,
        value,
        status: 'completed',
      }),
    );
    const input = {
      options,
      mode: 'min' as const,
      target: null,
      trials,
      runsLeft: null,
      putOff: [],
      noise: null,
    };
    const [next] = suggest(input, 1).suggestions;
    // All was tried: go on with what was best, as people would.
    return next?.settings ?? trials.at(-1)!.settings;
  };
}

function byChance({ options }: TestFunction, random: () => number): Search {
  const axes = axesOf(options, {});
  return () => Object.fromEntries(axes.map((axis) => [axis.key, axis.textAt(random())]));
}

/** Equally spaced levels, as many as the runs allow, in an order of chance. */
function byGrid({ options }: TestFunction, random: () => number): Search {
  const axes = axesOf(options, {});
  const levels = Math.max(2, Math.floor(RUNS_MAX ** (1 / axes.length)));
  let points: Settings[] = [{}];
  for (const axis of axes) {
    const count = Math.min(levels, axis.count);
    const values = Array.from({ length: count }, (_, index) => axis.textAt((index + 0.5) / count));
    points = points.flatMap((point) => values.map((value) => ({ ...point, [axis.key]: value })));
  }
  for (let index = points.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [points[index], points[other]] = [points[other]!, points[index]!];
  }
  return (history) => points[history.length % points.length]!;
}

const TPE_STARTUP = 10;
const TPE_GOOD = 0.15;
const TPE_CANDIDATES = 24;

/**
 * The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl 2011): each option by itself, kernels as
 * wide as the distance to the farther neighbour, a prior over the range, and the candidate drawn from the good runs
 * whose density beside the others' is highest.
 */
function byTpe({ options }: TestFunction, random: () => number): Search {
  const axes = axesOf(options, {});
  const chance = byChance({ options } as TestFunction, random);
  const normal = gaussian(random);
  return (history) => {
    if (history.length < TPE_STARTUP) return chance(history);
    const sorted = history.toSorted((a, b) => a.value - b.value);
    const good = Math.max(2, Math.ceil(TPE_GOOD * sorted.length));
    return Object.fromEntries(
      axes.map((axis) => {
        const placesOf = (runs: typeof sorted) =>
          runs.map(({ settings }) => axis.placeOf(settings[axis.key]!)!);
        return [
          axis.key,
          parzenChoice(axis, placesOf(sorted.slice(0, good)), placesOf(sorted.slice(good)), random, normal),
        ];
      }),
    );
  };
}

function parzenChoice(
  axis: Axis,
  good: readonly number[],
  bad: readonly number[],
  random: () => number,
  normal: () => number,
): string {
  if (axis.isCategory) {
    const weight = (places: readonly number[], place: number) =>
      (places.filter((each) => each === place).length + 1) / (places.length + axis.count);
    const places = Array.from({ length: axis.count }, (_, index) => index / (axis.count - 1));
    const drawn = Array.from({ length: TPE_CANDIDATES }, () => {
      let rest = random();
      for (const place of places) {
        rest -= weight(good, place);
        if (rest <= 0) return place;
      }
      return places.at(-1)!;
    });
    const ratio = (place: number) => weight(good, place) / weight(bad, place);
    return axis.textAt(drawn.reduce((best, place) => (ratio(place) > ratio(best) ? place : best)));
  }
  const [goodKernels, badKernels] = [kernelsOf(good), kernelsOf(bad)];
  const drawn = Array.from({ length: TPE_CANDIDATES }, () => {
    const { at, width } = goodKernels[Math.floor(random() * goodKernels.length)]!;
    return width === 1 ? random() : Math.min(1, Math.max(0, at + width * normal()));
  });
  const ratio = (place: number) => density(goodKernels, place) / density(badKernels, place);
  return axis.textAt(drawn.reduce((best, place) => (ratio(place) > ratio(best) ? place : best)));
}

interface Kernel {
  at: number;
  width: number;
}

function kernelsOf(places: readonly number[]): Kernel[] {
  const sorted = places.toSorted((a, b) => a - b);
  const least = 1 / Math.min(100, sorted.length + 1);
  const kernels = sorted.map((at, index): Kernel => {
    const left = at - (sorted[index - 1] ?? 0);
    const right = (sorted[index + 1] ?? 1) - at;
    return { at, width: Math.min(1, Math.max(least, left, right)) };
  });
  return [...kernels, { at: 0.5, width: 1 }];
}

function density(kernels: readonly Kernel[], place: number): number {
  const sum = kernels.reduce(
    (total, { at, width }) => total + Math.exp(-0.5 * ((place - at) / width) ** 2) / width,
    0,
  );
  return sum / kernels.length;
}

function gaussian(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
