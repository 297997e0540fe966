import type { Series } from '../core/metrics.ts';

const FIRST_CAPACITY = 64;

/** Points of one tag in three growing columns, appended in the order they were logged. */
export function createColumns(tag: string) {
  let steps = new Float64Array(FIRST_CAPACITY);
  let wallTimes = new Float64Array(FIRST_CAPACITY);
  let values = new Float64Array(FIRST_CAPACITY);
  let length = 0;

  function grow(): void {
    const wider = (column: Float64Array<ArrayBuffer>) => {
      const next = new Float64Array(column.length * 2);
      next.set(column);
      return next;
    };
    steps = wider(steps);
    wallTimes = wider(wallTimes);
    values = wider(values);
  }

  return {
    push(step: number, wallTime: number, value: number): void {
      if (length === steps.length) grow();
      steps[length] = step;
      wallTimes[length] = wallTime;
      values[length] = value;
      length += 1;
    },
    /** Drops the points from `step` on: an earlier process logged them and training began again there. */
    cutFrom(step: number): void {
      let kept = 0;
      for (let index = 0; index < length; index += 1) {
        if (steps[index]! >= step) continue;
        steps[kept] = steps[index]!;
        wallTimes[kept] = wallTimes[index]!;
        values[kept] = values[index]!;
        kept += 1;
      }
      length = kept;
    },
    /** The points so far, shared with this writer: later pushes do not change them, `cutFrom` may. */
    series: (): Series => ({ tag, length, steps, wallTimes, values }),
  };
}

export type Columns = ReturnType<typeof createColumns>;
