import type { ExperimentRow } from '../core/experiment.ts';
import type { Slices } from '../core/slices.ts';

/**
 * What is made of those rows that a test lets through, the latest first by a time of theirs; of the same time in the order
 * of the pages.
 */
export function* latest<T>(
  pages: Iterable<ExperimentRow[]>,
  time: 'ended_at' | 'updated_at',
  isOne: (row: ExperimentRow) => boolean,
  made: (row: ExperimentRow) => T,
): Slices<T[]> {
  const found: { at: string; each: T }[] = [];
  for (const page of pages) {
    for (const row of page) if (isOne(row)) found.push({ at: row[time], each: made(row) });
    yield;
  }
  found.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  return found.map(({ each }) => each);
}
