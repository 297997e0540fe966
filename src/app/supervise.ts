import { isDeepStrictEqual } from 'node:util';
import type { Adapter, AdapterHandlers, AdapterHealth } from '../core/adapter.ts';
import { DeliveryError, OpeningError } from '../core/adapter.ts';
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
  /** One that was open for less counts as failed when it is lost, so that the pauses grow. */
  steadyMs: 60_000,
};

/**
 * An adapter that keeps itself open: it is opened in the background, reopened when it fails, and never ends the
 * process. While it is closed, what is to be said waits. Of those that it makes at most one is in use, and each is
 * stopped before the next is made, whatever state it was in. `start` may say how long
 * nothing may be tried (OpeningError).
 */
export function supervise(
  name: string,
  open: (onLost: (reason: string) => void) => Adapter,
  deps: {
    clock: Clock;
    log: Log;
    timings?: typeof SUPERVISE_TIMINGS;
    /** It is closed, also before it is first open; may be said again while it is. */
    onDown?(): void;
    onUp(): void;
    /** What of the settings it is made from: where that is something else, it is made anew. */
    madeFrom?(): unknown;
  },
): Adapter {
  const { clock, log, timings = SUPERVISE_TIMINGS, madeFrom = () => null } = deps;
  let handlers: AdapterHandlers;
  let from: unknown;
  let adapter: Adapter | undefined;
  /** The one that is being opened. */
  let candidate: Adapter | undefined;
  let timer: NodeJS.Timeout | undefined;
  let opening: Promise<void> = Promise.resolve();
  let stopped = false;
  let failures = 0;
  let upSince = 0;
  let down: { detail: string; since: number } = { detail: 'connecting', since: clock() };

  function openLater(pause: number): void {
    if (stopped) return;
    timer = setTimeout(() => {
      opening = attempt();
    }, pause);
  }

  async function attempt(): Promise<void> {
    let lost: string | undefined;
    let made: Adapter | undefined;
    try {
      from = madeFrom();
      made = open((reason) => {
        lost = reason;
        if (adapter && adapter === made) lose(reason);
      });
      candidate = made;
      await made.start(handlers);
      if (lost !== undefined) throw new Error(lost);
    } catch (error) {
      candidate = undefined;
      if (made) await close(made);
      if (stopped) return;
      failures += 1;
      const detail = errorText(error);
      if (down.detail !== detail) log.warn({ error: detail }, `${name} cannot be reached`);
      down = { ...down, detail };
      deps.onDown?.();
      openLater(Math.max(pauseAfter(timings, failures), askedMs(error)));
      return;
    }
    candidate = undefined;
    if (stopped) return close(made);
    adapter = made;
    upSince = clock();
    log.info({ adapter: name }, 'connected');
    deps.onUp();
    renew();
  }

  function lose(reason: string): void {
    failures = clock() - upSince < timings.steadyMs ? failures + 1 : 1;
    log.warn({ reason }, `${name} was lost`);
    reopen(reason, pauseAfter(timings, failures));
  }

  /** One that is made from settings that are no more gives way to one of those that are. */
  function renew(): void {
    if (adapter && !isDeepStrictEqual(from, madeFrom())) reopen('its settings were changed', 0);
  }

  function reopen(reason: string, pause: number): void {
    const before = adapter!;
    adapter = undefined;
    down = { detail: reason, since: clock() };
    deps.onDown?.();
    opening = close(before).then(() => openLater(pause));
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
    async start(given) {
      handlers = given;
      deps.onDown?.();
      opening = attempt();
    },
    settingsChanged: renew,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      // What is being opened is not waited for: its start ends, or does not, without anybody.
      const open = candidate ?? adapter;
      if (open) await close(open);
      await within(timings.closeMs, opening, () => {});
      adapter = undefined;
    },
    health(): AdapterHealth {
      if (!adapter) return { state: 'down', ...down };
      const health = adapter.health();
      return health.state === 'up' ? { since: upSince, ...health } : health;
    },
    isClosed: (channel) => adapter?.isClosed?.(channel) === true,
    post: async (...args) => mustBeOpen().post(...args),
    update: async (...args) => mustBeOpen().update(...args),
    remove: async (...args) => mustBeOpen().remove?.(...args),
    openThread: async (...args) => mustBeOpen().openThread(...args),
    findByKey: async (...args) => mustBeOpen().findByKey(...args),
  };
}

/** What only a person can mend is looked at again as soon as anything else. */
function askedMs(error: unknown): number {
  if (error instanceof OpeningError) return error.waitMs;
  if (!(error instanceof DeliveryError)) return 0;
  const isProblem = error.scope === 'platform' && error.paced === undefined;
  return isProblem ? 0 : (error.retryAfterMs ?? 0);
}
