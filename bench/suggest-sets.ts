import { moved, PUBLISHED, type TestFunction } from './suggest-functions.ts';
import { DEVELOPMENT } from './suggest-functions-development.ts';

/** The functions of a set, `report` or `development`, with their ranges moved by a seed. */
export function functionsOf(set: string, shift: number): TestFunction[] {
  if (set === 'report') return moved(PUBLISHED, shift);
  if (set === 'development') return moved(DEVELOPMENT, shift);
  throw new Error(`BENCH_FUNCTIONS is "${set}"; there are report and development.`);
}
