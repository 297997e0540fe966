import type { Log } from '../core/log.ts';
import type { Queue } from '../core/queue.ts';

/** Reads a queue after a deed, whose result stands whether this succeeds or not. Resolves to whether it did. */
export async function readAfter(queue: Queue, log: Log): Promise<boolean> {
  try {
    await queue.refresh();
    return true;
  } catch (error) {
    log.warn({ err: error, queue: queue.name }, 'a queue could not be read after it was changed');
    return false;
  }
}
