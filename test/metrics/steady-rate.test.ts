import { expect, it } from 'vitest';
import { steadyRates } from '../../src/metrics/steady-rate.ts';

const points = (...pairs: [number, number][]) => pairs.map(([steps, elapsed]) => ({ steps, elapsed }));
/** A log that writes a line a second while the first step is compiled for 15 s, and then six steps a second. */
const compiled = (seconds: number) =>
  Array.from({ length: 15 + seconds }, (_, index) => ({
    steps: index < 15 ? 0 : 1 + 6 * (index - 15),
    elapsed: index + 1,
  }));

it('is none while the first steps are compiled, and that of the steps after them at once', () => {
  for (const seconds of [0, 1, 2]) expect(steadyRates(compiled(seconds))).toEqual([]);
  expect(steadyRates(compiled(4))).toEqual([6, 6]);
  expect(steadyRates(points([1, 10], [2, 14], [3, 14.1]))).toEqual([]);
});

it('is none while a later step takes its own time to compile', () => {
  const lines = points([1, 10], [2, 20], [3, 20.2], [4, 30], [5, 30.2], [6, 30.4], [7, 30.6]);
  expect(steadyRates(lines)).toEqual([]);
  const after = Array.from({ length: 40 }, (_, index) => ({ steps: 8 + index, elapsed: 30.8 + index / 5 }));
  expect(Math.min(...steadyRates([...lines, ...after]).slice(0, 3))).toBeCloseTo(5);
});

it('of a run that logs seldom, or in epochs, needs no more than two such points', () => {
  expect(steadyRates(points([0, 0], [100, 60], [200, 70]))).toEqual([10]);
  expect(steadyRates(points([1, 60], [2, 120], [3, 180]), 'epoch').map((each) => each * 60)).toEqual([1, 1]);
});

it('of a slow run is by the time that a step takes, not by the lines between', () => {
  const lines = Array.from({ length: 60 }, (_, index) => ({
    steps: 2 + Math.floor(index / 5),
    elapsed: index,
  }));
  for (const rate of steadyRates(lines)) expect(rate).toBeCloseTo(0.2);
});
