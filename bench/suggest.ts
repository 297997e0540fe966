import type { PresetOption } from '../src/core/preset.ts';
import { seededRandom } from '../src/queue/simulated/random.ts';
import { suggest } from '../src/suggest/policy.ts';
import { type Axis, axesOf } from '../src/suggest/space.ts';
import { normal } from '../src/suggest/surface.ts';
import type { Trial } from '../src/suggest/types.ts';
import { FUNCTIONS, type TestFunction } from './suggest-functions.ts';
import { type Bench, percentile, type Row } from './table.ts';

const SEEDS = Number(process.env.BENCH_SEEDS ?? 50);
/** A search that has not reached the goal in so many runs counts as one more. */
const RUNS_MAX = 150;
/** The noise's standard deviation, and how near to the lowest value the goal is, as parts of the function's range. */
const NOISE = 0.05;
const GOAL = 0.02;

type Settings = Record<string, string>;
/** Proposes the next run, given all before it. */
type Search = (history: readonly { settings: Settings; value: number }[]) => {
  settings: Settings;
  /** It advises to stop, which the simulation does not follow. */
  stop?: boolean;
};

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
  let [reached, beforeStop] = [0, 0];
  for (const each of FUNCTIONS) {
    const found = Object.entries(METHODS).map(([name, create]) => [name, searches(each, create)] as const);
    const medians = Object.fromEntries(
      found.map(([name, all]) => [
        name,
        percentile(
          all.map(({ runs }) => runs),
          0.5,
        ),
      ]),
    );
    const ours = found.find(([name]) => name === 'suggest')![1].filter(({ runs }) => runs <= RUNS_MAX);
    reached += ours.length;
    beforeStop += ours.filter(({ stopped }) => !stopped).length;
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
  rows.push(
    { what: 'searches of suggest that reached the goal', value: reached, unit: `of ${all()}`, target: null },
    { what: 'of these before the first advice to stop', value: beforeStop, unit: '', target: null },
  );
  return {
    name: `Suggestions: runs to within ${GOAL * 100} % of the optimum under ${NOISE * 100} % noise, medians of ${SEEDS} seeds, at most ${RUNS_MAX} (*: not separable)`,
    rows,
  };
}

const all = (): number => FUNCTIONS.length * SEEDS;

/** How many runs each search took, and whether it was told to stop before. */
function searches(
  given: TestFunction,
  create: (given: TestFunction, random: () => number) => Search,
): { runs: number; stopped: boolean }[] {
  const range = given.highest - given.lowest;
  return Array.from({ length: SEEDS }, (_, seed) => {
    const noise = gaussian(seededRandom(seed * 2 + 1));
    const search = create(withStart(given, seededRandom(seed * 7 + 5)), seededRandom(seed * 3 + 2));
    const history: { settings: Settings; value: number }[] = [];
    let stopped = false;
    for (let run = 1; run <= RUNS_MAX; run += 1) {
      const { settings, stop = false } = search(history);
      stopped ||= stop;
      const value = given.value(numbersOf(given, settings));
      if (value <= given.lowest + GOAL * range) return { runs: run, stopped };
      history.push({ settings, value: value + NOISE * range * noise() });
    }
    return { runs: RUNS_MAX + 1, stopped };
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
        endedAt: index,
      }),
    );
    const input = {
      options,
      metric: 'value',
      mode: 'min' as const,
      target: null,
      trials,
      best: null,
      spent: null,
      putOff: [],
      noise: null,
    };
    const { suggestions, stop } = suggest(input, 1);
    // All was tried: the last once more.
    return { settings: suggestions[0]?.settings ?? trials.at(-1)!.settings, stop: stop !== null };
  };
}

function byChance({ options }: TestFunction, random: () => number): Search {
  const axes = axesOf(options, {});
  return () => ({ settings: Object.fromEntries(axes.map((axis) => [axis.key, axis.textAt(random())])) });
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
  return (history) => ({ settings: points[history.length % points.length]! });
}

const TPE_STARTUP = 10;
const TPE_GOOD = 0.1;
const TPE_GOOD_MAX = 25;
const TPE_CANDIDATES = 24;
/** Older runs than the last so many count less. */
const TPE_RECENT = 25;

/** Kernels of numbers are this wide, as a part of the range, before there are runs; never narrower than a hundredth. */
const TPE_WIDTH = 0.2;

/**
 * The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl 2011), as Optuna 5's sampler has it
 * (Watanabe 2023, "Tree-structured Parzen estimator"; Falkner, Klein and Hutter 2018 for kernels over all options at
 * once): a kernel for each run, in numbers a normal one cut off at the range's ends and weighed accordingly, in choices
 * most of it on the run's own; a prior over everything; older runs weighing less; and of 24 places drawn from the good
 * runs' density the one where it is highest beside the others'.
 */
function byTpe({ options }: TestFunction, random: () => number): Search {
  const axes = axesOf(options, {});
  const chance = byChance({ options } as TestFunction, random);
  const placesOf = (settings: Settings) => axes.map((axis) => axis.placeOf(settings[axis.key])!);
  return (history) => {
    if (history.length < TPE_STARTUP) return chance(history);
    const good = Math.min(TPE_GOOD_MAX, Math.ceil(TPE_GOOD * history.length));
    const best = new Set(history.toSorted((a, b) => a.value - b.value).slice(0, good));
    const [likely, other] = [true, false].map((isGood) =>
      parzen(
        axes,
        history.filter((run) => best.has(run) === isGood).map(({ settings }) => placesOf(settings)),
      ),
    ) as [Density, Density];
    let chosen: number[] = [];
    let most = Number.NEGATIVE_INFINITY;
    for (let drawn = 0; drawn < TPE_CANDIDATES; drawn += 1) {
      const places = likely.draw(random);
      const ratio = likely.at(places) / other.at(places);
      if (ratio > most) [chosen, most] = [places, ratio];
    }
    return {
      settings: Object.fromEntries(axes.map((axis, index) => [axis.key, axis.textAt(chosen[index]!)])),
    };
  };
}

interface Density {
  at(places: readonly number[]): number;
  draw(random: () => number): number[];
}

/** One option's part of a kernel. */
interface Part {
  at(place: number): number;
  draw(random: () => number): number;
}

function parzen(axes: readonly Axis[], runs: readonly number[][]): Density {
  const old = Math.max(0, runs.length - TPE_RECENT);
  const weights = runs.map((_run, index) =>
    index >= old || old < 2 ? 1 : 1 / runs.length + ((1 - 1 / runs.length) * index) / (old - 1),
  );
  weights.push(1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const width = Math.max(
    1 / Math.min(100, runs.length + 2),
    TPE_WIDTH * Math.max(1, runs.length) ** (-1 / (axes.length + 4)),
  );
  const kernels = [
    ...runs.map((places) =>
      axes.map((axis, index) =>
        axis.isCategory ? choice(axis, places[index]!, runs.length) : bell(places[index]!, width),
      ),
    ),
    axes.map((axis) => (axis.isCategory ? choice(axis, null, 0) : bell(0.5, 1))),
  ];
  return {
    at: (places) =>
      kernels.reduce(
        (sum, parts, kernel) =>
          sum +
          parts.reduce((product, part, index) => product * part.at(places[index]!), weights[kernel]! / total),
        0,
      ),
    draw(random) {
      return kernels[drawn(weights, random)]!.map((part) => part.draw(random));
    },
  };
}

/** A normal density around a place, cut off at the range's ends. */
function bell(center: number, width: number): Part {
  const area = normal((1 - center) / width) - normal(-center / width);
  return {
    at: (place) => Math.exp(-0.5 * ((place - center) / width) ** 2) / (width * area),
    draw(random) {
      // Drawn again until it lies within: a third of any such bell does.
      for (;;) {
        const place = center + width * gaussian(random)();
        if (place >= 0 && place <= 1) return place;
      }
    },
  };
}

/** Chances of choices: most of it on one that was taken, a part of a run's own for every other. */
function choice({ count }: Axis, taken: number | null, runs: number): Part {
  const prior = 1 / (runs + 1);
  const chance = Array.from({ length: count }, (_, index) =>
    taken === null
      ? 1 / count
      : (prior + Number(index === Math.round(taken * (count - 1)))) / (1 + count * prior),
  );
  return {
    at: (place) => chance[Math.round(place * (count - 1))]!,
    draw: (random) => drawn(chance, random) / (count - 1),
  };
}

/** An index by its weight. */
function drawn(weights: readonly number[], random: () => number): number {
  let rest = random() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    rest -= weight;
    if (rest <= 0) return index;
  }
  return weights.length - 1;
}

function gaussian(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
