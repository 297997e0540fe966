import { DeliveryError } from './adapter.ts';
import { pauseAfter } from './backoff.ts';

/** How long an answer waits for a platform, milliseconds in all; what takes longer needs somebody to mend it. */
const PATIENCE_MS = 30_000;
/** Between tries where the platform asks for no pause, milliseconds. */
const PAUSES = { firstMs: 500, longestMs: 5_000 };

export interface Patience {
  /** No try begins later than this after the first, milliseconds. */
  forMs?: number;
  /** So often is done again what may have been done. Any number: the work looks up what an earlier try made. */
  repeats?: number;
  /** No try begins once it is aborted. */
  ending?: AbortSignal | undefined;
}

/**
 * Does what a platform puts off (its rate limit, our own pace) or fails at until it is done, with the pauses that the platform
 * asks for. Rejects with what the last try did, and with any other failure at once.
 */
export async function withPatience<T>(
  work: () => Promise<T>,
  { forMs = PATIENCE_MS, repeats = Number.POSITIVE_INFINITY, ending }: Patience = {},
): Promise<T> {
  const until = performance.now() + forMs;
  let doubts = 0;
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DeliveryError) || ending?.aborted) throw error;
      if (error.outcome === 'doubtful') doubts += 1;
      else if (error.outcome !== 'retry') throw error;
      const pause = pauseAfter(PAUSES, failures, error.retryAfterMs);
      if (doubts > repeats || performance.now() + pause > until) throw error;
      await passed(pause, ending);
      if (ending?.aborted) throw error;
    }
  }
}

/** Resolves after a time, milliseconds, or when it is ended. */
function passed(ms: number, ending: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      ending?.removeEventListener('abort', go);
      resolve();
    };
    const timer = setTimeout(go, ms);
    ending?.addEventListener('abort', go);
  });
}
