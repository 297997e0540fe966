import type { Queues } from '../core/queues.ts';
import { within } from '../core/within.ts';

/** How long what is said of all queues waits for what has to be read from the files of one, milliseconds. */
const SOON_MS = 2_000;

export type Soon = <T>(work: Promise<T>, late: T) => Promise<T>;

/** What is there soon, else `late`: of several queues, one whose files hang holds up nothing that is said of another. */
export function soonOf({ all, areSeveral }: Pick<Queues, 'all' | 'areSeveral'>): Soon {
  const isAnyBeside = () => all.some((queue) => queue.beside && (queue.snapshot()?.jobs.size ?? 0) > 0);
  return (work, late) => (areSeveral || isAnyBeside() ? within(SOON_MS, work, () => late) : work);
}
