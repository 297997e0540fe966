import { createHash } from 'node:crypto';
import { type Adapter, DeliveryError, isNotTaken, type Target, type UpdateContext } from '../core/adapter.ts';
import type { Message } from '../core/message.ts';
import type { Destination, MessageRef } from '../core/request.ts';
import { aboveOf, type Delivery, HASH_LENGTH, type PostSource } from '../store/delivery.ts';
import type { Outbox } from '../store/outbox.ts';
import { inForm } from './plainer.ts';

export interface Renderers {
  /** A card's current message; undefined when there is nothing left to show. */
  /** As it is shown in one place. */
  card(subject: string, place: Destination): Promise<Message | undefined>;
  /** undefined when there is nothing to say after all. */
  post(source: PostSource): Promise<Message | undefined>;
  threadTitle(subject: string): string;
}

/** A delivery as it goes out. */
export interface Sending {
  message: Message;
  /** Of the message as a whole, and of where a card says that its discussion goes on. */
  hash: string;
  /** How many of `FORMS` were refused of this message. */
  form: number;
}

/** Makes deliveries: renders them, finds where they belong, and says or changes them there. */
export function createSending(deps: { outbox: Outbox; render: Renderers }) {
  const { outbox, render } = deps;
  return { prepare, send };

  /** What is to be sent; undefined when there is nothing to say after all. */
  async function prepare(delivery: Delivery): Promise<Sending | undefined> {
    const message = await messageOf(delivery);
    if (!message) return undefined;
    const { discussion } = contextOf(delivery, delivery.ref);
    const said = discussion ? { message, discussion } : message;
    const hash = createHash('sha256').update(JSON.stringify(said)).digest('base64').slice(0, HASH_LENGTH);
    return { message, hash, form: delivery.formOf === hash ? delivery.form : 0 };
  }

  async function messageOf(delivery: Delivery): Promise<Message | undefined> {
    if (delivery.kind === 'card') return render.card(delivery.subject!, delivery);
    if (delivery.body!.message) return delivery.body!.message;
    const message = await render.post(delivery.body!.source);
    if (message) outbox.keepMessage(delivery, message);
    return message;
  }

  /** Where it stands now; `isMoved`: in the channel, for a thread that takes nothing more. */
  async function send(
    adapter: Adapter,
    delivery: Delivery,
    { message, form }: Sending,
  ): Promise<{ ref: MessageRef; isMoved: boolean }> {
    const shown = inForm(message, form);
    if (delivery.ref) {
      await adapter.update(delivery.ref, shown, contextOf(delivery, delivery.ref));
      return { ref: delivery.ref, isMoved: false };
    }
    const { target, closed } = await targetOf(adapter, delivery);
    const isMoved = closed !== null;
    const said = isMoved ? movedHere(shown, render.threadTitle(aboveOf(delivery)!), closed) : shown;
    const beside = isMoved ? outbox.besideOf(delivery) : undefined;
    const found =
      (await standing(adapter, target, delivery)) ?? (beside && (await standing(adapter, target, beside)));
    if (found && delivery.kind === 'card') {
      // Should the platform not take the edit, it is this message that fares so.
      delivery.ref = found;
      await adapter.update(found, said, contextOf(delivery, found));
    }
    return { ref: found ?? (await adapter.post(target, said, delivery.key)), isMoved };
  }

  /** Where a delivery stands already, as far as that is known or can be found out. */
  async function standing(
    adapter: Adapter,
    target: Target,
    { ref, doubtful, key, createdAt }: Delivery,
  ): Promise<MessageRef | undefined> {
    return ref ?? (doubtful ? await adapter.findByKey(target, key, createdAt) : undefined);
  }

  /** A card whose discussion is not under it says where it is; one in a thread says which thread. */
  function contextOf(
    { key, thread, within, adapter, channel }: Delivery,
    ref: MessageRef | null,
  ): UpdateContext {
    if (within === null) return thread && thread.id !== ref?.id ? { key, discussion: thread } : { key };
    const above = outbox.card(within, adapter, channel)?.thread;
    return above ? { key, thread: above } : { key };
  }

  async function targetOf(
    adapter: Adapter,
    delivery: Delivery,
  ): Promise<{ target: Target; closed: string | null }> {
    const { kind, channel, thread, alsoInChannel } = delivery;
    const above = aboveOf(delivery);
    const here = (more: Partial<Target> = {}, closed: string | null = null) => ({
      target: { channel, ...more },
      closed,
    });
    if (above === null) return here(kind === 'card' && thread ? { discussion: thread } : {});
    const card = outbox.card(above, adapter.name, channel);
    if (!card?.ref) return here();
    if (card.closed !== null) return here({}, card.closed);
    if (card.thread) return here({ thread: card.thread, alsoInChannel });
    const opened = await openThread(adapter, card.root ?? card.ref, above);
    outbox.keepThread(above, adapter.name, channel, opened);
    return here({ thread: opened, alsoInChannel });
  }

  /** Where no thread can be had under a message, what belongs there is said as if it had been closed. */
  async function openThread(adapter: Adapter, ref: MessageRef, subject: string): Promise<MessageRef> {
    try {
      return await adapter.openThread(ref, render.threadTitle(subject));
    } catch (error) {
      if (isNotTaken(error))
        throw new DeliveryError('closed', `no thread can be opened there (${error.message})`);
      throw error;
    }
  }
}

/** A message as it stands in the channel for a thread that takes nothing more. */
function movedHere(message: Message, title: string, why: string): Message {
  const line = ['Moved here from the thread of ', { bold: title }, `: ${why}.`];
  return { ...message, blocks: [...message.blocks, { kind: 'text', text: line }] };
}
