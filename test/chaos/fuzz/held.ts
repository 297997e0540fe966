import { setImmediate as nextTurn } from 'node:timers/promises';
import { processorMs } from './processor-time.ts';

/** What some work did to this process. */
export interface Held {
  /** The most processor time that one turn of the event loop took, milliseconds. */
  loopMs: number;
  /** The most that heap and buffers grew by, and the resident set, bytes. */
  heap: number;
  resident: number;
}

/** Does the work, with a look at the clock and the memory at every turn of the event loop. */
export async function heldBy(work: () => Promise<unknown>): Promise<Held> {
  globalThis.gc?.();
  const start = process.memoryUsage();
  const held: Held = { loopMs: 0, heap: 0, resident: 0 };
  let isDone = false;
  const watched = (async () => {
    for (let before = processorMs(); !isDone; ) {
      await nextTurn();
      const { heapUsed, external, rss } = process.memoryUsage();
      const now = processorMs();
      held.loopMs = Math.max(held.loopMs, now - before);
      held.heap = Math.max(held.heap, heapUsed + external - start.heapUsed - start.external);
      held.resident = Math.max(held.resident, rss - start.rss);
      before = now;
    }
  })();
  try {
    await work();
  } finally {
    isDone = true;
    await watched;
  }
  return held;
}

const MB = 1e6;

export const heldWords = ({ loopMs, heap, resident }: Held): string =>
  `loop held ${Math.round(loopMs)} ms, heap +${Math.round(heap / MB)} MB, resident +${Math.round(resident / MB)} MB`;
