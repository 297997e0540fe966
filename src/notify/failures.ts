import { LRUCache } from 'lru-cache';
import { type Adapter, DeliveryError } from '../core/adapter.ts';
import { pauseAfter } from '../core/backoff.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Destination, MessageRef } from '../core/request.ts';
import type { Clock } from '../core/time.ts';
import { aboveOf, type Delivery, FORMS, LANES } from '../store/delivery.ts';
import type { Outbox } from '../store/outbox.ts';
import type { Reached } from './absence.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { Holds } from './holds.ts';
import type { Sending } from './sending.ts';

export const FAILURE_TIMINGS = {
  /** The first pause after a failed attempt, which doubles with each further one, and the longest. */
  firstMs: 1_000,
  longestMs: 60_000,
  /** The same for what was refused in every form. */
  refusedMs: 60_000,
  refusedLongestMs: 3_600_000,
};
/** So many messages that fail with no success between them, and the channel waits: the trouble is not one message's. */
const FAILURES_IN_A_ROW = 3;
/**
 * Attempts without an answer, with a success of another message between them, after which a message is suspected itself. While
 * none gets through, the platform is away, and it is nobody's fault.
 */
const FAILURES_SUSPECT = 3;
/** Messages of which that is counted; what is folded, replaced or left meanwhile is forgotten in time. */
const COUNTED_MAX = 1_000;
/** Attempts at an edit that is refused in every form, after which the card is sent again for a newer look alone. */
const REFUSED_LOOKS = 6;

/** What was tried. */
type Tried = Pick<Sending, 'message' | 'hash' | 'form'>;

/** Decides what becomes of a delivery that failed, and of what would fail like it. */
export function createFailures(deps: {
  outbox: Outbox;
  elsewhere?: Elsewhere | undefined;
  /** Nothing gets through in a channel, or to a whole platform, since then (epoch ms); said again while that is so. */
  onLost?: ((at: Reached, since: number) => void) | undefined;
  /** Something got through in a channel. `since`: nothing had since then, though it was tried (epoch ms). */
  onThrough?: ((at: Destination, since: number | undefined) => void) | undefined;
  /** Something got through after something had failed in a channel. */
  onBack?: ((adapter: string) => void) | undefined;
  holds: Holds;
  clock: Clock;
  log: Log;
  timings: typeof FAILURE_TIMINGS;
}) {
  const { outbox, holds, clock, log, timings } = deps;
  /** What failed in a channel since its last success, by id: with which words; and since when. */
  const inARow = new Map<string, { since: number; failures: Map<number, string> }>();
  /** How often something failed while others got through since it was last said, by its id. */
  const amongOthers = new LRUCache<number, number>({ max: COUNTED_MAX });
  const nameOf = ({ adapter, channel }: Delivery) => JSON.stringify([adapter, channel]);

  return {
    succeeded(delivery: Delivery): void {
      const row = inARow.get(nameOf(delivery));
      inARow.delete(nameOf(delivery));
      // Where another than this one failed, alone, it may be that one's own trouble.
      const isOfChannel = row && (row.failures.size !== 1 || row.failures.has(delivery.id));
      deps.onThrough?.(delivery, isOfChannel ? row.since : undefined);
      if (row) deps.onBack?.(delivery.adapter);
    },

    /** `message`: what was tried, where it came so far. */
    async failed(
      adapter: Adapter,
      delivery: Delivery,
      error: unknown,
      message: Tried | undefined,
    ): Promise<void> {
      const failure = failureOf(error);
      if (failure.paced !== undefined) return paced(delivery, failure);
      switch (failure.outcome) {
        case 'never':
          return givenUp(delivery, failure, message);
        case 'gone':
          return gone(adapter, delivery, failure);
        case 'frozen':
          report(delivery, failure);
          return sendAgain(adapter, delivery);
        case 'closed':
          return closed(adapter, delivery, failure);
        case 'refused':
        case 'unclear':
          return refused(adapter, delivery, failure, message);
        case 'retry':
        case 'doubtful':
          return later(adapter, delivery, failure, message);
      }
    },
  };

  /** Of what somebody alone was to hear, health says who it is. */
  function givenUp(delivery: Delivery, failure: DeliveryError, message: Tried | undefined): void {
    report(delivery, failure);
    const whose = deps.elsewhere?.nameOf(delivery);
    const error = whose === undefined ? failure.message : `${whose}: ${failure.message}`;
    outbox.putBack(delivery, 'dead', error, 0);
    if (message && delivery.kind === 'post') deps.elsewhere?.tell(delivery, message.message, failure.message);
  }

  function paced(delivery: Delivery, { scope, paced = 'all', retryAfterMs = 0 }: DeliveryError): void {
    const { adapter, channel } = delivery;
    const isWide = scope === 'channel' || scope === 'platform';
    if (isWide) holds.hold(adapter, scope === 'channel' ? channel : null, paced, retryAfterMs);
    outbox.putOff(delivery, isWide ? 0 : clock() + retryAfterMs);
  }

  /** The thread that it belongs in, if there is one. */
  function threadOf(delivery: Delivery): MessageRef | undefined {
    const above = aboveOf(delivery);
    return (
      (above === null ? undefined : outbox.card(above, delivery.adapter, delivery.channel)?.thread) ??
      undefined
    );
  }

  /** What was to be edited is gone; or the card under which a thread was to be; or the thread; or what had been said. */
  async function gone(adapter: Adapter, delivery: Delivery, failure: DeliveryError): Promise<void> {
    const { channel, kind, subject, ref, doubtful } = delivery;
    const above = aboveOf(delivery);
    const thread = threadOf(delivery);
    if (!ref && above !== null && !thread) {
      report(delivery, failure);
      outbox.putBack(delivery, 'due', failure.message, 0);
      return outbox.replaceCard(above, adapter.name, channel);
    }
    if (!ref && thread && !doubtful) return closed(adapter, delivery, failure);
    report(delivery, failure);
    if (kind === 'card') outbox.replaceCard(subject!, adapter.name, channel);
    else outbox.drop(delivery);
  }

  async function closed(adapter: Adapter, delivery: Delivery, failure: DeliveryError): Promise<void> {
    const { channel, kind, subject, ref } = delivery;
    const above = aboveOf(delivery);
    if (above === null) return later(adapter, delivery, failure, undefined);
    report(delivery, failure);
    outbox.putBack(delivery, 'due', failure.message, 0);
    outbox.closeThread(above, adapter.name, channel, failure.message);
    if (ref && kind === 'card') outbox.replaceCard(subject!, adapter.name, channel);
  }

  /**
   * A card that cannot be changed any more is taken away, so that nobody presses what it still shows. It is named until it
   * is gone: what the platform puts off is done later.
   */
  async function sendAgain(adapter: Adapter, delivery: Delivery): Promise<void> {
    try {
      await adapter.remove?.(delivery.ref!, threadOf(delivery));
    } catch (error) {
      const failure = failureOf(error);
      if (failure.paced !== undefined) return paced(delivery, failure);
      // What stands in the way of all that is done in the channel was met by the edit, too: this is of the removal alone.
      const mayBeDone = failure.scope !== 'channel' && ['retry', 'doubtful'].includes(failure.outcome);
      if (mayBeDone) return later(adapter, delivery, failure, undefined);
      log.debug({ error: failure.message }, 'an old card stays where it is');
    }
    outbox.replaceCard(delivery.subject!, adapter.name, delivery.channel);
  }

  /** The next plainer form goes out at once; what is refused in all of them is tried again ever more rarely. */
  async function refused(
    adapter: Adapter,
    delivery: Delivery,
    failure: DeliveryError,
    message: Tried | undefined,
  ): Promise<void> {
    report(delivery, failure);
    if (!message) return later(adapter, delivery, failure, message);
    const form = Math.min(FORMS.length, message.form + 1);
    const rounds = delivery.attempts + 1 - FORMS.length;
    // What is news is not left unsaid by a card, nor a button on it that what has happened took away.
    const isTooLong = delivery.lane < LANES.looks || delivery.attempts + 1 >= REFUSED_LOOKS;
    if (delivery.ref && failure.outcome === 'refused' && form === FORMS.length && isTooLong)
      return sendAgain(adapter, delivery);
    const backoff = { firstMs: timings.refusedMs, longestMs: timings.refusedLongestMs };
    const pause = form < FORMS.length ? 0 : pauseAfter(backoff, rounds);
    outbox.refuse(delivery, failure.message, form, message.hash, clock() + pause);
  }

  async function later(
    adapter: Adapter,
    delivery: Delivery,
    failure: DeliveryError,
    message: Tried | undefined,
  ): Promise<void> {
    const { id, channel, attempts, doubtful } = delivery;
    const { scope, outcome, retryAfterMs } = failure;
    const state = outcome === 'doubtful' || doubtful ? 'sending' : 'due';
    const pause = pauseAfter(timings, attempts + 1, retryAfterMs);
    const row = inARow.get(nameOf(delivery)) ?? { since: clock(), failures: new Map<number, string>() };
    inARow.set(nameOf(delivery), row);
    const { failures } = row;
    if (scope === 'channel' || scope === 'platform') {
      // The adapter tells of what is wrong with a channel or a platform; nothing there is this message's failure.
      holds.hold(adapter.name, scope === 'platform' ? null : channel, 'trouble', pause);
      outbox.putBack(delivery, state, failure.message, clock() + pause, false);
      const { name } = adapter;
      return deps.onLost?.(scope === 'platform' ? { adapter: name } : { adapter: name, channel }, clock());
    }
    const before = attempts === 0 ? 0 : (amongOthers.get(id) ?? 0);
    const count = failures.has(id) ? before : before + 1;
    amongOthers.set(id, count);
    report(delivery, failure, [...failures.values()]);
    failures.set(id, failure.message);
    outbox.putBack(delivery, state, failure.message, clock() + pause);
    if (count >= FAILURES_SUSPECT && message && message.form < FORMS.length)
      outbox.suspect(delivery, message.form + 1, message.hash);
    if (failures.size > 1) deps.onLost?.({ adapter: adapter.name, channel }, row.since);
    if (failures.size >= FAILURES_IN_A_ROW)
      holds.hold(
        adapter.name,
        channel,
        'trouble',
        pauseAfter(timings, failures.size - FAILURES_IN_A_ROW + 1),
      );
  }

  /** One line a failure: not for each attempt at the same, nor for each message that fails in a row. */
  function report(
    { key, error }: Delivery,
    { outcome, scope, message }: DeliveryError,
    others: readonly string[] = [],
  ): void {
    const isNew = error !== message && !others.includes(message);
    const fields = { delivery: key, outcome, scope, error: message };
    if (isNew) log.warn(fields, WORDS[outcome]);
    else log.debug(fields, WORDS[outcome]);
  }
}

function failureOf(error: unknown): DeliveryError {
  return error instanceof DeliveryError ? error : new DeliveryError('retry', errorText(error));
}

const WORDS = {
  retry: 'a message could not be delivered, and is tried again',
  doubtful: 'it is not known whether a message was delivered; it is looked for before it is sent again',
  refused: 'a message was refused, and goes out in a plainer form',
  unclear: 'a message was refused for an unknown reason, and goes out in a plainer form',
  never: 'a message cannot be delivered',
  gone: 'a message was deleted; a card is sent again',
  frozen: 'a card can no longer be edited, and is sent again',
  closed: 'a thread takes nothing more; what belongs there is said in its channel',
} as const;
