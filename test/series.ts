import type { Series } from '../src/core/metrics.ts';

/** 2026-11-23T15:00:00Z, epoch seconds. */
const START = 1_795_446_000;

/** A metric with these values, so far apart. */
export function series(
  tag: string,
  values: readonly number[],
  { stepsApart = 10, secondsApart = 10 } = {},
): Series {
  return {
    tag,
    length: values.length,
    steps: Float64Array.from(values, (_, index) => index * stepsApart),
    wallTimes: Float64Array.from(values, (_, index) => START + index * secondsApart),
    values: Float64Array.from(values),
  };
}

/** So many values. */
export const line = (count: number, value: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => value(index));
