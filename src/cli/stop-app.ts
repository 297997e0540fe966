import { isOnlyLate } from '../app/lifecycle.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

/** Stops a bot. What `isForgiven` is logged, by default a part that only took too long; rejects with anything else. */
export async function stopApp(
  app: { stop(): Promise<void> },
  log: Log,
  isForgiven: (error: unknown) => boolean = isOnlyLate,
): Promise<void> {
  try {
    await app.stop();
  } catch (error) {
    if (!isForgiven(error)) throw error;
    log.warn({ error: errorText(error) }, 'it did not stop in order');
  }
}
