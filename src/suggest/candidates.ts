import type { Axis } from './space.ts';
import type { Places } from './study.ts';
import type { Expectation } from './surface.ts';

/** Steps in which a numeric option is tried all over its range. */
const STEPS = 20;
/** Parts of its range by which it is tried beside the best: finer than the steps. */
const NEAR = [0.012, 0.025];
/** Steps in which each of two options is tried. */
const PAIR_STEPS = 5;
/** A moderate step: so many times as much, or as little, or this part of a range that is not searched by factors. */
const MODERATE_FACTOR = 3;
const MODERATE_PART = 0.3;
/** Places all over the ranges. */
const FAR_PLACES = 160;
/** Where there are no more places than this, every one is looked at. */
const WHOLE_GRID_MAX = 1_024;
const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

/** A candidate: places, and which of them (by index) differ from the best's. */
export interface Candidate {
  places: Places;
  changed: readonly number[];
}

/** Why this kind of candidates is looked at: what the explanation says of it. */
export type Phase = 'look' | 'other side' | 'depth' | 'turn' | 'anything';

/** A candidate with what is expected of it, and how much is to be gained. */
export interface Ranked extends Candidate {
  expectation: Expectation;
  gain: number;
}

/** A candidate as it would be launched. */
export interface Choice extends Ranked {
  settings: Record<string, string>;
}

/** Other values of one option each. */
export function singles(axes: readonly Axis[], from: Places, which: readonly number[]): Candidate[] {
  return which.flatMap((index) => {
    const at = from[index] ?? null;
    const { isCategory } = axes[index]!;
    const near = at === null || isCategory ? [] : NEAR.flatMap((step) => [at - step, at + step]);
    return [...places(axes[index]!), ...near.filter((place) => place > 0 && place < 1)].map((place) => ({
      places: from.with(index, place),
      changed: [index],
    }));
  });
}

/** One moderate step of each option, first towards the middle of its range. */
export function moderate(axes: readonly Axis[], from: Places): Candidate[] {
  return axes.flatMap((axis, index) => {
    const at = from[index] ?? null;
    const step = moderateStep(axis);
    const inward = at !== null && at > 0.5 ? -1 : 1;
    const all = axis.isCategory
      ? places(axis)
      : at === null
        ? [0.5]
        : [at + inward * step, at - inward * step];
    return all
      .map((place) => Math.min(1, Math.max(0, place)))
      .map((place) => ({ places: from.with(index, place), changed: [index] }));
  });
}

/** A moderate step of an option, as a part of its range. */
export function moderateStep({ factor }: Axis): number {
  return factor === null ? MODERATE_PART : Math.log(MODERATE_FACTOR) / Math.log(factor);
}

/** Other values of two options at once. */
export function pairs(axes: readonly Axis[], from: Places): Candidate[] {
  return axes.flatMap((first, one) =>
    axes.slice(one + 1).flatMap((second, more) => {
      const two = one + 1 + more;
      return places(first, PAIR_STEPS).flatMap((a) =>
        places(second, PAIR_STEPS).map((b) => ({
          places: from.with(one, a).with(two, b),
          changed: [one, two].filter((index) => (index === one ? a : b) !== from[index]),
        })),
      );
    }),
  );
}

/** Places spread over all ranges, the same every time: all where they are few, else Halton's sequence (1960). */
export function farPlaces(axes: readonly Axis[], from: Places, skip: number): Candidate[] {
  return everywhere(axes, skip).map((at) => ({
    places: at,
    changed: axes.flatMap((_axis, index) => (at[index] === from[index] ? [] : [index])),
  }));
}

/** How many places there are in all; infinity where an option is a number. */
export function countOf(axes: readonly Axis[]): number {
  return axes.reduce((product, { count }) => product * count, 1);
}

/** Whether `farPlaces` names every place there is. */
export function isSmall(axes: readonly Axis[]): boolean {
  return countOf(axes) <= WHOLE_GRID_MAX;
}

function everywhere(axes: readonly Axis[], skip: number): number[][] {
  if (isSmall(axes))
    return axes.reduce<number[][]>(
      (found, axis) => found.flatMap((at) => places(axis, WHOLE_GRID_MAX).map((place) => [...at, place])),
      [[]],
    );
  return Array.from({ length: FAR_PLACES }, (_, index) =>
    axes.map((axis, dimension) => onGrid(axis, halton(skip + index + 1, PRIMES[dimension % PRIMES.length]!))),
  );
}

/** Equally spaced places, at most `steps` and one more. */
export function places(axis: Axis, steps = STEPS): number[] {
  const count = Math.min(steps + 1, axis.count);
  return Array.from({ length: count }, (_, index) => (count === 1 ? 0 : index / (count - 1)));
}

function onGrid(axis: Axis, place: number): number {
  if (!Number.isFinite(axis.count)) return place;
  return Math.round(place * (axis.count - 1)) / (axis.count - 1);
}

function halton(index: number, base: number): number {
  let [rest, part, value] = [index, 1 / base, 0];
  while (rest > 0) {
    value += (rest % base) * part;
    rest = Math.floor(rest / base);
    part /= base;
  }
  return value;
}
