import { DeliveryError } from './adapter.ts';
import { pauseAfter } from './backoff.ts';

/** How long an answer waits for a platform, milliseconds in all; what takes longer needs somebody to mend it. */
const PATIENCE_MS = 30_000;
/** Between tries where the platform asks for no pause, milliseconds. */
const PAUSES = { firstMs: 500, longestMs: 5_000 };

/** Does what a platform puts off for a moment (its rate limit, our own pace) when it may be done. */
export function withRateLimitRetry<T>(work: () => Promise<T>): Promise<T> {
  return repeated(work, (error) => (error.outcome === 'retry' ? error.retryAfterMs : undefined), PATIENCE_MS);
}

/**
 * Does what a platform puts off or fails at until it is done, for at most `patienceMs`. Work that makes something looks up
 * by itself whether an earlier try, whose outcome was in doubt, has made it.
 */
export function withPatience<T>(work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const pause = (error: DeliveryError, failures: number) =>
    error.outcome === 'retry' || error.outcome === 'doubtful'
      ? pauseAfter(PAUSES, failures, error.retryAfterMs)
      : undefined;
  return repeated(work, pause, patienceMs);
}

/** `pause`: how long to wait before the next try, milliseconds; undefined where none would help. */
async function repeated<T>(
  work: () => Promise<T>,
  pause: (error: DeliveryError, failures: number) => number | undefined,
  patienceMs: number,
): Promise<T> {
  let waited = 0;
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      const wait = error instanceof DeliveryError ? pause(error, failures) : undefined;
      if (wait === undefined || waited + wait > patienceMs) throw error;
      waited += wait;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
