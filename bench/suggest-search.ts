import type { PresetOption } from '../src/core/preset.ts';
import { seededRandom } from '../src/queue/simulated/random.ts';
import { suggest } from '../src/suggest/policy.ts';
import { axesOf } from '../src/suggest/space.ts';
import type { Trial } from '../src/suggest/types.ts';
import type { TestFunction } from './suggest-functions.ts';

/** A search ends after so many runs; one that has not reached the goal by then counts as one more. */
export const RUNS_MAX = 150;
/** The noise's standard deviation, and how near to the lowest value the goal is, as parts of the function's range. */
export const NOISE = 0.05;
export const GOAL = 0.02;

export type Settings = Record<string, string>;
export interface Made {
  settings: Settings;
  value: number;
}
/** Proposes the next run, given all before it. */
export type Search = (history: readonly Made[]) => Proposal | Promise<Proposal>;
export interface Proposal {
  settings: Settings;
  /** Three runs in a row improved nothing, and: it advises to stop. The simulation goes on all the same. */
  isRuleMet?: boolean;
  isAdvised?: boolean;
}

/** What one search came to. */
export interface Outcome {
  /** Runs until the true value of one was near the lowest. */
  runs: number;
  /** After how many runs the rule of three in a row was met first; null: never. */
  ruleAt: number | null;
  /** After how many runs it first advised to stop, and whether no later run gained more than the goal is wide. */
  advice: { at: number; isRight: boolean } | null;
}

/**
 * Searches with the noise and the beginning of a seed, the same for every method. Runs go on after the goal until advice
 * to stop came and is known to be right or wrong, or to the end; with `isAdvising` false they end at the goal.
 */
export async function searched(
  given: TestFunction,
  seed: number,
  create: (given: TestFunction, start: Settings, seed: number) => Search | Promise<Search>,
  isAdvising: boolean,
): Promise<Outcome> {
  const range = given.highest - given.lowest;
  const noise = gaussian(seededRandom(seed * 2 + 1));
  const start = startOf(given, seededRandom(seed * 7 + 5));
  const search = await create(given, start, seed * 3 + 2);
  const history: Made[] = [];
  let lowest = Number.POSITIVE_INFINITY;
  let reached: number | null = null;
  let ruleAt: number | null = null;
  let advised: { at: number; lowest: number } | null = null;
  for (let run = 1; run <= RUNS_MAX; run += 1) {
    const { settings, isRuleMet = false, isAdvised = false } = await search(history);
    if (isRuleMet) ruleAt ??= run - 1;
    if (isAdvised) advised ??= { at: run - 1, lowest };
    const value = given.value(numbersOf(given, settings));
    lowest = Math.min(lowest, value);
    if (lowest <= given.lowest + GOAL * range) reached ??= run;
    history.push({ settings, value: value + NOISE * range * noise() });
    if (reached === null) continue;
    if (!isAdvising) break;
    const isDecided =
      advised && (advised.lowest - lowest > GOAL * range || advised.lowest <= given.lowest + GOAL * range);
    if (isDecided) break;
  }
  return {
    runs: reached ?? RUNS_MAX + 1,
    ruleAt,
    advice: advised && { at: advised.at, isRight: advised.lowest - lowest <= GOAL * range },
  };
}

/** Where every search begins: a place of chance, since nobody begins at the optimum. */
function startOf(given: TestFunction, random: () => number): Settings {
  return Object.fromEntries(axesOf(given.options, {}).map((axis) => [axis.key, axis.textAt(random())]));
}

function numbersOf({ options }: TestFunction, settings: Settings): Record<string, number> {
  return Object.fromEntries(
    Object.keys(options).map((key) => [
      key,
      options[key]!.type === 'boolean' ? Number(settings[key] === 'true') : Number(settings[key]),
    ]),
  );
}

export function byPolicy(given: TestFunction, start: Settings): Search {
  const options = Object.fromEntries(
    Object.entries(given.options).map(([key, option]): [string, PresetOption] => [
      key,
      { ...option, default: start[key]! },
    ]),
  );
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
      dismissed: [],
      noise: null,
    };
    const { suggestions, stop } = suggest(input, 1);
    return {
      // All was tried: the last once more.
      settings: suggestions[0]?.settings ?? trials.at(-1)!.settings,
      isRuleMet: stop !== null,
      isAdvised: stop?.isAdvised ?? false,
    };
  };
}

export function byChance({ options }: TestFunction, start: Settings, seed: number): Search {
  const random = seededRandom(seed);
  const axes = axesOf(options, {});
  return ({ length }) => ({
    settings:
      length === 0 ? start : Object.fromEntries(axes.map((axis) => [axis.key, axis.textAt(random())])),
  });
}

/** Equally spaced levels, as many as the runs allow, in an order of chance. */
export function byGrid({ options }: TestFunction, start: Settings, seed: number): Search {
  const random = seededRandom(seed);
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
  return ({ length }) => ({ settings: length === 0 ? start : points[(length - 1) % points.length]! });
}

function gaussian(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
