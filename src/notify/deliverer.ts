import { createHash } from 'node:crypto';
import { type Adapter, DeliveryError, type Target, type UpdateContext } from '../core/adapter.ts';
import { pauseAfter } from '../core/backoff.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Message } from '../core/message.ts';
import type { MessageRef } from '../core/request.ts';
import type { Clock } from '../core/time.ts';
import type { Delivery, PostSource } from '../store/delivery.ts';
import type { Outbox } from '../store/outbox.ts';

export const DELIVERY_TIMINGS = {
  /** The first pause after a failed attempt, which doubles with each further one, and the longest. */
  firstMs: 1_000,
  longestMs: 60_000,
  /** So that a delivery that waits for another (a post for its card) does not spin. */
  shortestWaitMs: 50,
};
/** Attempts of one message that hold up its channel, to keep the order; after them it waits alone. */
const ATTEMPTS_IN_ORDER = 3;

export interface Renderers {
  /** A card's current message; undefined when there is nothing left to show. */
  card(subject: string): Promise<Message | undefined>;
  /** undefined when there is nothing to say after all. */
  post(source: PostSource): Promise<Message | undefined>;
  threadTitle(subject: string): string;
}

/**
 * Sends what is due, oldest first in each channel, channels beside each other. A send whose outcome is not known
 * (we crashed, or the platform gave no answer) is looked up by its key before it is sent again.
 */
export function createDeliverer(deps: {
  outbox: Outbox;
  adapters: ReadonlyMap<string, Adapter>;
  render: Renderers;
  clock: Clock;
  log: Log;
  timings?: typeof DELIVERY_TIMINGS;
}) {
  const { outbox, adapters, render, clock, log, timings = DELIVERY_TIMINGS } = deps;
  const pumps = new Map<string, Promise<void>>();
  const timers = new Map<string, NodeJS.Timeout>();
  const asked = new Set<string>();
  /** Channels that wait after a failure, so that what follows does not overtake it: epoch milliseconds. */
  const pausedUntil = new Map<string, number>();
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
    if ((pausedUntil.get(name) ?? 0) > clock()) {
      schedule(adapterName, channel);
      return;
    }
    pausedUntil.delete(name);
    // The database may fail; then the channel is looked at again when the next thing is to be said, or at the next kick.
    const failed = (error: unknown) =>
      log.error({ error: errorText(error), channel: name }, 'delivery stopped');
    const pump = drain(adapter, channel)
      .catch(failed)
      .then(() => {
        pumps.delete(name);
        if (stopped) return;
        if (asked.delete(name)) wake(adapterName, channel);
        else schedule(adapterName, channel);
      })
      .catch(failed);
    pumps.set(name, pump);
  }

  /** Comes back when the channel's next attempt is due. */
  function schedule(adapterName: string, channel: string): void {
    const name = `${adapterName}:${channel}`;
    clearTimeout(timers.get(name));
    timers.delete(name);
    const at = outbox.nextAt(adapterName, channel);
    if (at === null) return;
    const due = Math.max(at, pausedUntil.get(name) ?? 0);
    const wait = Math.min(timings.longestMs, Math.max(timings.shortestWaitMs, due - clock()));
    timers.set(name, setTimeout(() => wake(adapterName, channel), wait).unref());
  }

  async function drain(adapter: Adapter, channel: string): Promise<void> {
    for (;;) {
      if (stopped) return;
      const delivery = outbox.next(adapter.name, channel);
      if (!delivery) return;
      const goOn = await attempt(adapter, delivery);
      if (!goOn) return;
    }
  }

  /** Whether the channel's next delivery may follow at once. */
  async function attempt(adapter: Adapter, delivery: Delivery): Promise<boolean> {
    try {
      outbox.begin(delivery);
      const message = await messageOf(delivery);
      if (!message) {
        outbox.drop(delivery);
        return true;
      }
      const hash = createHash('sha256').update(JSON.stringify(message)).digest('base64');
      if (delivery.ref && hash === delivery.deliveredHash) {
        outbox.finish(delivery, delivery.ref, hash);
        return true;
      }
      outbox.finish(delivery, await send(adapter, delivery, message), hash);
      return true;
    } catch (error) {
      return fail(delivery, error);
    }
  }

  async function messageOf(delivery: Delivery): Promise<Message | undefined> {
    if (delivery.kind === 'card') return render.card(delivery.subject!);
    if (delivery.body!.message) return delivery.body!.message;
    const message = await render.post(delivery.body!.source);
    if (message) outbox.keepMessage(delivery, message);
    return message;
  }

  async function send(adapter: Adapter, delivery: Delivery, message: Message): Promise<MessageRef> {
    if (delivery.ref) {
      await adapter.update(delivery.ref, message, contextOf(adapter, delivery, delivery.ref));
      return delivery.ref;
    }
    const target = await targetOf(adapter, delivery);
    if (delivery.doubtful) {
      const found = await adapter.findByKey(target, delivery.key, delivery.createdAt);
      if (found) {
        if (delivery.kind === 'card')
          await adapter.update(found, message, contextOf(adapter, delivery, found));
        return found;
      }
    }
    return adapter.post(target, message, delivery.key);
  }

  /** A card that was sent again links to where its discussion continues; one in a thread says which thread. */
  function contextOf(
    adapter: Adapter,
    { key, thread, within, channel }: Delivery,
    ref: MessageRef,
  ): UpdateContext {
    const above = within === null ? undefined : outbox.card(within, adapter.name, channel)?.thread;
    if (within !== null) return above ? { key, thread: above } : { key };
    return thread && thread.id !== ref.id ? { key, discussion: thread } : { key };
  }

  async function targetOf(adapter: Adapter, delivery: Delivery): Promise<Target> {
    const { kind, channel, thread, alsoInChannel } = delivery;
    const above = aboveOf(delivery);
    if (above === null) return kind === 'card' && thread ? { channel, discussion: thread } : { channel };
    const card = outbox.card(above, adapter.name, channel);
    if (!card?.ref) return { channel };
    if (card.thread) return { channel, thread: card.thread, alsoInChannel };
    const opened = await adapter.openThread(card.ref, render.threadTitle(above));
    outbox.keepThread(above, adapter.name, channel, opened);
    return { channel, thread: opened, alsoInChannel };
  }

  /** The subject of the card in whose thread it belongs; null: it stands in the channel itself. */
  function aboveOf({ kind, subject, within }: Delivery): string | null {
    return kind === 'card' ? within : subject;
  }

  function fail(delivery: Delivery, error: unknown): boolean {
    const outcome = error instanceof DeliveryError ? error.outcome : 'retry';
    const text = errorText(error);
    log.warn({ delivery: delivery.key, outcome, error: text }, 'a message could not be delivered');
    if (outcome === 'never') {
      outbox.putBack(delivery, 'dead', text, 0);
      return true;
    }
    if (outcome === 'gone' || outcome === 'frozen') {
      // What was to be edited is gone, or the thread into which something new was to be said.
      const { adapter, channel, subject, ref } = delivery;
      const above = aboveOf(delivery);
      if (!ref && above !== null) outbox.putBack(delivery, 'due', text, clock() + timings.shortestWaitMs);
      const missing = ref ? subject : (above ?? subject);
      if (missing !== null) outbox.replaceCard(adapter, channel, missing, outcome === 'frozen');
      return true;
    }
    const wished = error instanceof DeliveryError ? error.retryAfterMs : undefined;
    const pause = pauseAfter(timings, delivery.attempts + 1, wished);
    const isDoubtful = outcome === 'doubtful' || delivery.doubtful;
    const hadToWait = wished !== undefined && outcome === 'retry';
    outbox.putBack(delivery, isDoubtful ? 'sending' : 'due', text, clock() + pause, !hadToWait);
    if (!hadToWait && delivery.attempts >= ATTEMPTS_IN_ORDER) return true;
    pausedUntil.set(`${delivery.adapter}:${delivery.channel}`, clock() + pause);
    return false;
  }

  return {
    /** Checks for due messages now. Cheap when there are none. */
    kick,
    /** The adapters are there: what waited is sent, and what comes. */
    start(): void {
      isStarted = true;
      kick();
    },
    /** A platform is back: what waited for it is retried now. */
    resume(adapterName: string): void {
      for (const name of pausedUntil.keys()) if (name.startsWith(`${adapterName}:`)) pausedUntil.delete(name);
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
