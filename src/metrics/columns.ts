import type { Series } from '../core/metrics.ts';

const FIRST_CAPACITY = 64;

/**
 * Points of one tag in three growing columns, their steps never falling. A step below the last one begins a new pass:
 * what stands from there on gives way to it, as in the reservoirs of TensorBoard's data server
 * (tensorboard/data/server/reservoir.rs, "Preemption"; a step logged twice stands twice, as in its Python reader).
 */
export function createColumns(tag: string, capacity = FIRST_CAPACITY) {
  let steps = new Float64Array(capacity);
  let wallTimes = new Float64Array(capacity);
  let values = new Float64Array(capacity);
  let length = 0;
  /** How many of the points a series that was given out may still look at. */
  let given = 0;
  let version = 0;

  function resize(to: number): void {
    const resized = (column: Float64Array<ArrayBuffer>) => {
      const next = new Float64Array(to);
      next.set(column.subarray(0, length));
      return next;
    };
    steps = resized(steps);
    wallTimes = resized(wallTimes);
    values = resized(values);
    given = 0;
  }

  /** Keeps only the points before `step`. A series given out earlier keeps all of its own. */
  function cutFrom(step: number): void {
    const before = firstFrom(steps, length, step);
    if (before === length) return;
    length = before;
    version += 1;
    if (length < given) resize(steps.length);
  }

  return {
    push(step: number, wallTime: number, value: number): void {
      if (length > 0 && step < steps[length - 1]!) cutFrom(step);
      if (length === steps.length) resize(Math.max(FIRST_CAPACITY, steps.length * 2));
      steps[length] = step;
      wallTimes[length] = wallTime;
      values[length] = value;
      length += 1;
    },
    /** The points [from, to) of a series whose steps do not fall either. */
    append(series: Series, from: number, to: number): void {
      if (to <= from) return;
      if (length > 0 && series.steps[from]! < steps[length - 1]!) cutFrom(series.steps[from]!);
      if (length + to - from > steps.length) resize(Math.max(length + to - from, steps.length * 2));
      steps.set(series.steps.subarray(from, to), length);
      wallTimes.set(series.wallTimes.subarray(from, to), length);
      values.set(series.values.subarray(from, to), length);
      length += to - from;
    },
    cutFrom,
    /** Keeps only the points at the places, which rise, that are chosen by their values. A series given out earlier keeps all of its own. */
    keepOnly(choose: (values: Float64Array, length: number) => ArrayLike<number>): void {
      const places = choose(values, length);
      version += 1;
      if (places.length < given) resize(steps.length);
      for (let index = 0; index < places.length; index += 1) {
        const place = places[index]!;
        steps[index] = steps[place]!;
        wallTimes[index] = wallTimes[place]!;
        values[index] = values[place]!;
      }
      length = places.length;
    },
    /** The same, but a series given out earlier has, in place of the points from `step` on, what is appended later. */
    rewindTo(step: number): void {
      length = firstFrom(steps, length, step);
    },
    length: () => length,
    /** Another one whenever points that were there are gone, by {@link rewindTo} aside. */
    version: () => version,
    /** The points so far; what is appended later does not change them. */
    series(): Series {
      given = Math.max(given, length);
      return { tag, length, steps, wallTimes, values };
    },
  };
}

export type Columns = ReturnType<typeof createColumns>;

/** Where in rising steps, from `start` on, the first one stands that is not below `step`; `length` when none is. */
export function firstFrom(steps: Float64Array, length: number, step: number, start = 0): number {
  let low = start;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low;
}
