import type { Adapter } from '../core/adapter.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Destination } from '../core/request.ts';
import { StorageError } from '../core/storage-error.ts';
import type { Clock } from '../core/time.ts';
import type { Delivery } from '../store/delivery.ts';
import type { Outbox } from '../store/outbox.ts';
import type { Track } from '../store/turns.ts';
import type { Reached } from './absence.ts';
import type { Elsewhere } from './elsewhere.ts';
import { createFailures, FAILURE_TIMINGS } from './failures.ts';
import { createHolds } from './holds.ts';
import { createSending, type Renderers } from './sending.ts';

export const DELIVERY_TIMINGS = {
  ...FAILURE_TIMINGS,
  /** So that a delivery that waits for another (a post for its card) does not spin. */
  shortestWaitMs: 50,
};

/**
 * Sends what is due, channels beside each other, and in each what people wait for beside news and looks. A send whose
 * outcome is not known (we crashed, or the platform gave no answer) is looked up by its key before it is sent again. What
 * fails holds up what would fail like it, and nothing else.
 */
export function createDeliverer(deps: {
  outbox: Outbox;
  adapters: ReadonlyMap<string, Adapter>;
  render: Renderers;
  /** Where things are said; by default wherever something waits. */
  channels?(): readonly Destination[];
  /** For what was for somebody alone; by default it is only reported. */
  elsewhere?: Elsewhere;
  /** Nothing gets through in a channel, or to a whole platform, since then (epoch ms); said again while that is so. */
  onLost?(at: Reached, since: number): void;
  /** Something got through in a channel. `since`: nothing had since then, though it was tried (epoch ms). */
  onThrough?(at: Destination, since: number | undefined): void;
  /** Something got through to a platform after something had failed there: what piled up meanwhile may be folded. */
  onBack?(adapter: string): void;
  clock: Clock;
  log: Log;
  timings?: typeof DELIVERY_TIMINGS;
}) {
  const { outbox, adapters, render, clock, log, timings = DELIVERY_TIMINGS } = deps;
  const holds = createHolds(clock);
  const { prepare, send } = createSending({ outbox, render });
  const { failed, succeeded } = createFailures({
    outbox,
    elsewhere: deps.elsewhere,
    onLost: (at, since) => deps.onLost?.(at, since),
    onThrough: (at, since) => deps.onThrough?.(at, since),
    onBack: (adapter) => deps.onBack?.(adapter),
    holds,
    clock,
    log,
    timings,
  });
  /** What is being sent in a channel: on which track, by the delivery's id. */
  const underWay = new Map<string, Map<number, Track>>();
  const sending = new Set<Promise<void>>();
  const timers = new Map<string, NodeJS.Timeout>();
  /** How long the last post took from its cause to its platform, milliseconds; null before the first. */
  let lastDelayMs: number | null = null;
  let isStarted = false;
  let stopped = false;

  function kick(): void {
    if (!isStarted || stopped) return;
    for (const { adapter, channel } of outbox.waitingChannels()) wake(adapter, channel);
  }

  /** Begins what may go out now, and comes back when something of it has ended or another turn comes. */
  function wake(adapterName: string, channel: string): void {
    const adapter = adapters.get(adapterName);
    if (!adapter || stopped) return;
    const name = `${adapterName}:${channel}`;
    clearTimeout(timers.get(name));
    const inChannel = underWay.get(name) ?? new Map<number, Track>();
    underWay.set(name, inChannel);
    try {
      const free = holds.free(adapterName, channel);
      const { now, at } = outbox.turns(adapterName, channel, free, inChannel);
      for (const { delivery, track } of now) {
        inChannel.set(delivery.id, track);
        const ended = () => void inChannel.delete(delivery.id);
        const attempted = attempt(adapter, delivery)
          .finally(ended)
          .then(() => wake(adapterName, channel))
          .catch((error) => stoppedShort(error, name))
          .finally(() => sending.delete(attempted));
        sending.add(attempted);
      }
      comeBack(adapterName, channel, at);
    } catch (error) {
      stoppedShort(error, name);
    }
  }

  /** The database may fail; then the channel is looked at again when the next thing is to be said, or at the next kick. */
  function stoppedShort(error: unknown, channel: string): void {
    log.error({ error: errorText(error), channel }, 'delivery stopped');
  }

  /** Looks at the channel again when its next turn comes. */
  function comeBack(adapterName: string, channel: string, turnAt = Number.POSITIVE_INFINITY): void {
    const at = Math.min(turnAt, holds.nextEnd(adapterName, channel) ?? Number.POSITIVE_INFINITY);
    if (at === Number.POSITIVE_INFINITY) return;
    const wait = Math.min(timings.longestMs, Math.max(timings.shortestWaitMs, at - clock()));
    timers.set(`${adapterName}:${channel}`, setTimeout(() => wake(adapterName, channel), wait).unref());
  }

  async function attempt(adapter: Adapter, delivery: Delivery): Promise<void> {
    let prepared: Awaited<ReturnType<typeof prepare>>;
    try {
      outbox.begin(delivery);
      prepared = await prepare(delivery);
      if (!prepared) return outbox.drop(delivery);
      const { hash, form } = prepared;
      if (delivery.ref && hash === delivery.deliveredHash)
        return outbox.finish(delivery, delivery.ref, hash, form, false);
      const { ref, isMoved } = await send(adapter, delivery, prepared);
      outbox.finish(delivery, ref, hash, form, isMoved);
      if (delivery.kind === 'post') lastDelayMs = clock() - delivery.dueAt;
    } catch (error) {
      // The message may stand there already. As it is written down, it is looked up before it is sent again.
      if (error instanceof StorageError) throw error;
      return failed(adapter, delivery, error, prepared);
    }
    // It has been said: what goes wrong from here on is not its failure.
    succeeded(delivery);
  }

  /** Nothing waits any longer for places that are no channel of the settings. */
  function leaveOthers(): void {
    if (!deps.channels) return;
    const channels = deps.channels();
    for (const name of adapters.keys())
      outbox.leave(
        name,
        channels.filter(({ adapter }) => adapter === name).map(({ channel }) => channel),
      );
  }

  return {
    lastDelayMs: () => lastDelayMs,
    /** Checks for due messages now. Cheap when there are none. */
    kick,
    /** The adapters are there: what waited is sent, and what comes. */
    start(): void {
      isStarted = true;
      leaveOthers();
      kick();
    },
    leaveOthers,
    /** A platform is back: what waited for it is retried now. */
    resume(adapterName: string): void {
      holds.release(adapterName);
      outbox.resume(adapterName);
    },
    /** Resolves when nothing is due that could be sent now. */
    async idle(): Promise<void> {
      kick();
      while (sending.size > 0) await Promise.all(sending);
    },
    /** Lets current attempts finish and starts no others. */
    async stop(): Promise<void> {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(sending);
    },
  };
}

export type Deliverer = ReturnType<typeof createDeliverer>;
