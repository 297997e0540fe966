import type { Adapter } from '../core/adapter.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Destination } from '../core/request.ts';
import type { Clock } from '../core/time.ts';
import type { Delivery } from '../store/delivery.ts';
import type { Outbox } from '../store/outbox.ts';
import { createFailures, FAILURE_TIMINGS } from './failures.ts';
import { createHolds } from './holds.ts';
import { createSending, type Renderers } from './sending.ts';

export const DELIVERY_TIMINGS = {
  ...FAILURE_TIMINGS,
  /** So that a delivery that waits for another (a post for its card) does not spin. */
  shortestWaitMs: 50,
};

/**
 * Sends what is due, in each channel what people wait for first, channels beside each other. A send whose outcome is not
 * known (we crashed, or the platform gave no answer) is looked up by its key before it is sent again. What fails holds up
 * what would fail like it, and nothing else.
 */
export function createDeliverer(deps: {
  outbox: Outbox;
  adapters: ReadonlyMap<string, Adapter>;
  render: Renderers;
  /** Where things are said; by default wherever something waits. */
  channels?: readonly Destination[];
  clock: Clock;
  log: Log;
  timings?: typeof DELIVERY_TIMINGS;
}) {
  const { outbox, adapters, render, clock, log, timings = DELIVERY_TIMINGS } = deps;
  const holds = createHolds(clock);
  const { prepare, send } = createSending({ outbox, render });
  const { failed, succeeded } = createFailures({ outbox, holds, clock, log, timings });
  const pumps = new Map<string, Promise<void>>();
  const timers = new Map<string, NodeJS.Timeout>();
  const asked = new Set<string>();
  let isStarted = false;
  let stopped = false;

  function kick(): void {
    if (!isStarted || stopped) return;
    for (const { adapter, channel } of outbox.waitingChannels()) wake(adapter, channel);
  }

  function wake(adapterName: string, channel: string): void {
    const adapter = adapters.get(adapterName);
    if (!adapter || stopped) return;
    const name = `${adapterName}:${channel}`;
    if (pumps.has(name)) {
      asked.add(name);
      return;
    }
    // The database may fail; then the channel is looked at again when the next thing is to be said, or at the next kick.
    const stoppedShort = (error: unknown) =>
      log.error({ error: errorText(error), channel: name }, 'delivery stopped');
    const pump = drain(adapter, channel)
      .catch(stoppedShort)
      .then(() => {
        pumps.delete(name);
        if (stopped) return;
        if (asked.delete(name)) wake(adapterName, channel);
        else schedule(adapterName, channel);
      })
      .catch(stoppedShort);
    pumps.set(name, pump);
  }

  /** Comes back when the channel's next turn comes. */
  function schedule(adapterName: string, channel: string): void {
    const name = `${adapterName}:${channel}`;
    clearTimeout(timers.get(name));
    timers.delete(name);
    const ends = [outbox.nextAt(adapterName, channel), holds.nextEnd(adapterName, channel)];
    const at = Math.min(...ends.filter((end) => end !== undefined));
    if (at === Number.POSITIVE_INFINITY) return;
    const wait = Math.min(timings.longestMs, Math.max(timings.shortestWaitMs, at - clock()));
    timers.set(name, setTimeout(() => wake(adapterName, channel), wait).unref());
  }

  async function drain(adapter: Adapter, channel: string): Promise<void> {
    while (!stopped) {
      const delivery = outbox.next(adapter.name, channel, holds.free(adapter.name, channel));
      if (!delivery) return;
      await attempt(adapter, delivery);
    }
  }

  async function attempt(adapter: Adapter, delivery: Delivery): Promise<void> {
    let sending: Awaited<ReturnType<typeof prepare>>;
    try {
      outbox.begin(delivery);
      sending = await prepare(delivery);
      if (!sending) return outbox.drop(delivery);
      const { hash, form } = sending;
      if (delivery.ref && hash === delivery.deliveredHash)
        return outbox.finish(delivery, delivery.ref, hash, form, false);
      const { ref, isMoved } = await send(adapter, delivery, sending);
      outbox.finish(delivery, ref, hash, form, isMoved);
      succeeded(delivery);
    } catch (error) {
      await failed(adapter, delivery, error, sending);
    }
  }

  return {
    /** Checks for due messages now. Cheap when there are none. */
    kick,
    /** The adapters are there: what waited is sent, and what comes. */
    start(): void {
      isStarted = true;
      for (const name of deps.channels ? adapters.keys() : [])
        outbox.leave(
          name,
          deps.channels!.filter(({ adapter }) => adapter === name).map(({ channel }) => channel),
        );
      kick();
    },
    /** A platform is back: what waited for it is retried now. */
    resume(adapterName: string): void {
      holds.release(adapterName);
      outbox.resume(adapterName);
    },
    /** Resolves when nothing is due that could be sent now. */
    async idle(): Promise<void> {
      kick();
      while (pumps.size > 0) await Promise.all(pumps.values());
    },
    /** Lets current attempts finish and starts no others. */
    async stop(): Promise<void> {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(pumps.values());
    },
  };
}

export type Deliverer = ReturnType<typeof createDeliverer>;
