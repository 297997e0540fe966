import type { Series } from '../core/metrics.ts';

const FIRST_CAPACITY = 64;

/** Points of one tag in three growing columns, in the order they were appended. */
export function createColumns(tag: string, capacity = FIRST_CAPACITY) {
  let steps = new Float64Array(capacity);
  let wallTimes = new Float64Array(capacity);
  let values = new Float64Array(capacity);
  let length = 0;

  function resize(to: number): void {
    const resized = (column: Float64Array<ArrayBuffer>) => {
      const next = new Float64Array(to);
      next.set(column.subarray(0, length));
      return next;
    };
    steps = resized(steps);
    wallTimes = resized(wallTimes);
    values = resized(values);
  }

  function push(step: number, wallTime: number, value: number): void {
    if (length === steps.length) resize(Math.max(FIRST_CAPACITY, steps.length * 2));
    steps[length] = step;
    wallTimes[length] = wallTime;
    values[length] = value;
    length += 1;
  }

  return {
    push,
    /** Keeps only the points before `step`. A series given out earlier keeps all of its own. */
    cutFrom(step: number): void {
      const before = { length, steps, wallTimes, values };
      length = 0;
      resize(before.steps.length);
      for (let index = 0; index < before.length; index += 1) {
        if (before.steps[index]! < step)
          push(before.steps[index]!, before.wallTimes[index]!, before.values[index]!);
      }
    },
    /** The points so far; what is appended later does not change them. */
    series: (): Series => ({ tag, length, steps, wallTimes, values }),
  };
}

export type Columns = ReturnType<typeof createColumns>;
