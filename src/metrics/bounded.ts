import { type Columns, createColumns } from './columns.ts';
import { createThinned } from './thinned.ts';

/** Columns in a bounded memory: evenly spaced points of a tag, at most `max` at that time and the last one. */
export function createBounded(
  tag: string,
  max: () => number,
): Pick<Columns, 'push' | 'cutFrom' | 'length' | 'series'> {
  const thinned = createThinned(tag, max);
  let whole: Columns | null = null;

  function columns(): Columns {
    if (whole) return whole;
    const { kept, last } = thinned.points();
    const { length, steps, wallTimes, values } = kept.series();
    whole = createColumns(tag, length + 1);
    whole.append({ tag, length, steps, wallTimes, values }, 0, length);
    if (last) whole.push(last.step, last.wallTime, last.value);
    return whole;
  }

  return {
    push(step, wallTime, value) {
      whole = null;
      thinned.push(step, wallTime, value);
    },
    cutFrom(step) {
      whole = null;
      thinned.cutFrom(step);
    },
    length: () => columns().length(),
    series: () => columns().series(),
  };
}
