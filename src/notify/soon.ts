import type { Queues } from '../core/queues.ts';
import { within } from '../core/within.ts';

/** How long what is said of all queues waits for what has to be read from the files of one, milliseconds. */
const SOON_MS = 2_000;

export type Soon = <T>(work: Promise<T>, late: T) => Promise<T>;

/** What is there soon, else `late`: of several queues, one whose files hang holds up nothing that is said of another. */
export function soonOf(queues: Pick<Queues, 'areSeveral'>): Soon {
  return (work, late) => (queues.areSeveral ? within(SOON_MS, work, () => late) : work);
}
