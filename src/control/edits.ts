import { setTimeout as sleep } from 'node:timers/promises';
import type { JobKey } from '../core/job.ts';
import type { Doer } from '../core/person.ts';
import type { MutationResult } from '../core/queue.ts';
import { queueWith } from '../core/queue-lacks.ts';
import type { Queues } from '../core/queues.ts';
import type { EditsService } from '../core/services/control.ts';
import type { EditAction, EditStore } from '../store/edits.ts';

/** How often a queue that was lost during a change is asked what became of it, milliseconds. */
const AGAIN_MS = 5_000;

/**
 * Cancels and moves through the queue. Who asked is written down first, so that the job's thread says so whatever becomes
 * of us meanwhile; the thread waits until it is certain that the change is theirs.
 */
export function createEditsService(deps: {
  queues: Pick<Queues, 'of'>;
  edits: EditStore;
  /** Reads the job's queue; resolves when the database is up to date. */
  settle(job: JobKey): Promise<void>;
  /** It is now certain who made the change. */
  onCertain(job: JobKey): void;
  againMs?: number;
}): EditsService {
  const { queues, edits } = deps;

  async function edit(
    key: JobKey,
    action: EditAction,
    position: number | null,
    by: Doer,
    make: () => Promise<MutationResult>,
  ): Promise<MutationResult> {
    const id = edits.begin(key, action, position, by);
    let isOpen = false;
    try {
      const result = await make();
      if (!result.done && !result.isUnknown) edits.withdraw(id);
      else if (result.done && (await isSettled(key))) edits.finish(id);
      else {
        isOpen = true;
        void foundOut(id, key);
      }
      return result;
    } catch (error) {
      edits.withdraw(id);
      throw error;
    } finally {
      if (!isOpen) deps.onCertain(key);
    }
  }

  /** Whether the database has what the queue shows now: what was done stands either way. */
  function isSettled(key: JobKey): Promise<boolean> {
    return deps.settle(key).then(
      () => true,
      () => false,
    );
  }

  /** Until the queue can be read again nobody knows whose what it shows is; the next start takes up what is left of it. */
  async function foundOut(id: number, key: JobKey): Promise<void> {
    for (;;) {
      await sleep(deps.againMs ?? AGAIN_MS, undefined, { ref: false });
      if (!(await isSettled(key))) continue;
      edits.finish(id);
      deps.onCertain(key);
      return;
    }
  }

  return {
    async cancel(key, by) {
      if (key.task === undefined)
        return edit(key, 'cancel', null, by, async () => queues.of(key).cancel(key));
      // What becomes of one task is no end of its array, which would be put down to whoever asked for that.
      const result = await queues.of(key).cancel(key);
      await isSettled(key);
      return result;
    },
    move: (key, position, by) =>
      edit(key, 'move', position, by, async () => queueWith(queues.of(key), 'move').move(key, position)),
  };
}
