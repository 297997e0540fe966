import { type Candidate, moderateStep, places } from './candidates.ts';
import { isBad, isPending } from './history.ts';
import type { Axis } from './space.ts';
import type { Base, Study } from './study.ts';
import { normal } from './surface.ts';

/** With so many values beside the first, all on one side, they may tell that the other one is not worth a look. */
const TELLING = 3;
/** They do, where the surface gives something better there less than this chance, */
const UNLIKELY = 0.1;
/** and where flat noise would get so steadily worse towards it in less than this part of all cases. */
const BY_CHANCE = 0.02;

/** An option of which nothing tells yet whether more or less is better, and the steps that would. */
export interface Unknown {
  index: number;
  /** One side was looked at by one run: the other comes before anything else. */
  isHalf: boolean;
  steps: Candidate[];
  /** What is not known, in words. */
  why: string;
}

/**
 * The options that were not looked at on both sides of the value that they had first, in their order. Whichever of two
 * runs came out better, the difference may be noise, so that it is no direction before the other side was tried too.
 */
export function unknowns(study: Study, base: Base): Unknown[] {
  const { axes, input, runs, placesOf } = study;
  const made = runs.map((run) => run.places);
  const others = input.trials.filter((trial) => isPending(trial) || isBad(trial)).map(placesOf);
  return axes.flatMap((axis, index): Unknown[] => {
    const tried = new Set([...made, ...others].flatMap((at) => at[index] ?? []));
    const [first = null] = tried;
    const at = (place: number): Candidate => ({ places: base.places.with(index, place), changed: [index] });
    if (first === null) {
      const why = `${axis.key} was never set`;
      return [{ index, isHalf: false, steps: (axis.isCategory ? places(axis) : [0.5]).map(at), why }];
    }
    const value = axis.textAt(first);
    const why = `no ${axis.key} other than ${value} has been tried`;
    if (axis.isCategory) {
      const steps = places(axis).filter((place) => place !== first);
      return tried.size > 1 ? [] : [{ index, isHalf: false, steps: steps.map(at), why }];
    }
    const { open, count } = sidesOf(axis, first, tried);
    const steps = open.map((side) => at(Math.min(1, Math.max(0, first + side * moderateStep(axis)))));
    const mayHelp = (step: Candidate) =>
      count < TELLING || isLikely(study, base, step) || !isTrend(study, index, step.places[index]! - first);
    const isOpen = steps.some(mayHelp);
    if (!isOpen) return [];
    if (count === 0) return [{ index, isHalf: false, steps, why }];
    const side = open[0]! > 0 ? 'above' : 'below';
    return [{ index, isHalf: count === 1, steps, why: `no ${axis.key} ${side} ${value} has been tried` }];
  });
}

/**
 * The sides of a number's first place on which nothing was tried, towards the middle of the range first, and how many other
 * values were. What is hardly a step away is neither another value nor, at the range's end, a side.
 */
function sidesOf(axis: Axis, first: number, tried: ReadonlySet<number>): { open: number[]; count: number } {
  const apart = moderateStep(axis) / 2;
  const onSide = (side: number) => [...tried].filter((place) => side * (place - first) >= apart).length;
  const sides = first > 0.5 ? [-1, 1] : [1, -1];
  return {
    open: sides.filter((side) => onSide(side) === 0 && (side < 0 ? first : 1 - first) >= apart),
    count: onSide(-1) + onSide(1),
  };
}

function isLikely({ surface }: Study, base: Base, { places: there }: Candidate): boolean {
  const { mean, deviation } = surface(there);
  return normal((surface(base.places).mean - mean) / deviation) >= UNLIKELY;
}

/**
 * Whether runs get so steadily worse towards one side of an option that noise alone hardly does it: the trend test of Mann
 * (1945) and Kendall. The surface by itself would take a few noisy values for a slope and be sure of it.
 */
function isTrend({ points }: Study, index: number, side: number): boolean {
  const placed = points.flatMap(({ places: at, value }) => {
    const place = at[index] ?? null;
    return place === null ? [] : [{ place, value }];
  });
  const count = placed.length;
  const worse = placed.reduce(
    (sum, one, at) =>
      placed
        .slice(at + 1)
        .reduce((more, two) => more + Math.sign((two.place - one.place) * (two.value - one.value)), sum),
    0,
  );
  const deviation = Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  return normal((1 - Math.sign(side) * worse) / deviation) < BY_CHANCE;
}
