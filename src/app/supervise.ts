import type { Adapter, AdapterHandlers, AdapterHealth } from '../core/adapter.ts';
import { DeliveryError } from '../core/adapter.ts';
import { pauseAfter } from '../core/backoff.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Clock } from '../core/time.ts';
import { within } from '../core/within.ts';

export const SUPERVISE_TIMINGS = {
  /** Pauses between attempts to open an adapter: a platform that is back is reached within a minute. */
  firstMs: 1_000,
  longestMs: 30_000,
  /** How long closing an adapter may take. */
  closeMs: 5_000,
};

/**
 * An adapter that keeps itself open: it is opened in the background, reopened when it fails, and never ends the
 * process. While it is closed, what is to be said waits.
 */
export function supervise(
  name: string,
  open: (onLost: (reason: string) => void) => Adapter,
  deps: { clock: Clock; log: Log; timings?: typeof SUPERVISE_TIMINGS; onUp(): void },
): Adapter {
  const { clock, log, timings = SUPERVISE_TIMINGS } = deps;
  let adapter: Adapter | undefined;
  let timer: NodeJS.Timeout | undefined;
  let opening: Promise<void> = Promise.resolve();
  let stopped = false;
  let failures = 0;
  let down: { detail: string; since: number } = { detail: 'connecting', since: clock() };

  function openLater(handlers: AdapterHandlers, pause: number): void {
    timer = setTimeout(() => {
      opening = attempt(handlers);
    }, pause);
  }

  async function attempt(handlers: AdapterHandlers): Promise<void> {
    let lost: string | undefined;
    let candidate: Adapter | undefined;
    try {
      candidate = open((reason) => {
        lost = reason;
        if (adapter && adapter === candidate) reopen(handlers, reason);
      });
      await candidate.start(handlers);
      if (lost !== undefined) throw new Error(lost);
    } catch (error) {
      if (candidate) await close(candidate);
      failures += 1;
      const detail = errorText(error);
      if (down.detail !== detail) log.warn({ error: detail }, `${name} cannot be reached`);
      down = { ...down, detail };
      if (!stopped) openLater(handlers, pauseAfter(timings, failures));
      return;
    }
    if (stopped) return close(candidate);
    failures = 0;
    adapter = candidate;
    log.info({ adapter: name }, 'connected');
    deps.onUp();
  }

  function reopen(handlers: AdapterHandlers, reason: string): void {
    const before = adapter!;
    adapter = undefined;
    down = { detail: reason, since: clock() };
    log.warn({ reason }, `${name} was lost`);
    opening = close(before);
    openLater(handlers, timings.firstMs);
  }

  async function close(adapter: Adapter): Promise<void> {
    const closing = async () => adapter.stop();
    await within(timings.closeMs, closing(), () => {}).catch((error) =>
      log.debug({ error: errorText(error) }, `${name} did not close well`),
    );
  }

  function mustBeOpen(): Adapter {
    if (adapter) return adapter;
    const detail = `${name} is not connected: ${down.detail}`;
    throw new DeliveryError('retry', detail, timings.longestMs, { scope: 'platform' });
  }

  return {
    name,
    async start(handlers) {
      opening = attempt(handlers);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await opening;
      if (adapter) await close(adapter);
      adapter = undefined;
    },
    health(): AdapterHealth {
      return adapter?.health() ?? { state: 'down', ...down };
    },
    post: async (...args) => mustBeOpen().post(...args),
    update: async (...args) => mustBeOpen().update(...args),
    remove: async (...args) => mustBeOpen().remove?.(...args),
    openThread: async (...args) => mustBeOpen().openThread(...args),
    findByKey: async (...args) => mustBeOpen().findByKey(...args),
  };
}
