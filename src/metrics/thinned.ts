import { type Columns, createColumns } from './columns.ts';

/** The points of one tag, evenly spaced, and the last one whether or not it is in step with them. */
export interface Thinned {
  kept: Columns;
  last: { step: number; wallTime: number; value: number } | null;
}

/**
 * Points of one tag in a bounded memory. Once there are more than `max`, every other one is let go, and from then on
 * half as many are kept: they stay evenly spaced over the whole run, and a tag that is logged rarely keeps all of its
 * own. Of several points of one step the last counts.
 */
export function createThinned(tag: string, max: () => number) {
  let kept = createColumns(tag);
  let last: Thinned['last'] = null;
  /** Of how many points one is kept: a power of two. */
  let stride = 1;
  /** Points before `last`. */
  let before = 0;

  function halve(): void {
    const { length, steps, wallTimes, values } = kept.series();
    const half = createColumns(tag);
    for (let index = 0; index < length; index += 2)
      half.push(steps[index]!, wallTimes[index]!, values[index]!);
    kept = half;
    stride *= 2;
  }

  function thin(): void {
    while (kept.length() > max()) halve();
  }

  return {
    push(step: number, wallTime: number, value: number): void {
      if (last && step > last.step) {
        if (before % stride === 0) kept.push(last.step, last.wallTime, last.value);
        before += 1;
        thin();
      }
      last = { step, wallTime, value };
    },
    /** Keeps only the points before `step`. */
    cutFrom(step: number): void {
      if (last && last.step >= step) last = null;
      kept.cutFrom(step);
      before = kept.length() * stride;
    },
    /** As if `factor` times as many points stood before those there are. */
    spaceFor(factor: number): void {
      const expected = (before + 1) * factor;
      while (expected / stride > max()) halve();
      before = Math.ceil(before / stride) * stride;
    },
    points(): Thinned {
      // As many may be kept as when the last of them came, or fewer by now.
      thin();
      return { kept, last };
    },
  };
}
