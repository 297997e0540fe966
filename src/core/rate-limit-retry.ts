import { DeliveryError } from './adapter.ts';

/** How long an answer waits for a platform's pace, milliseconds; what takes longer needs somebody to mend it. */
const PATIENCE_MS = 30_000;

/** Does what a platform puts off for a moment (its rate limit, our own pace) when it may be done. */
export async function withRateLimitRetry<T>(work: () => Promise<T>): Promise<T> {
  let waited = 0;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const wait =
        error instanceof DeliveryError && error.outcome === 'retry' ? error.retryAfterMs : undefined;
      if (wait === undefined || waited + wait > PATIENCE_MS) throw error;
      waited += wait;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
