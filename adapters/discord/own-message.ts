import { randomUUID } from 'node:crypto';
import { DeliveryError, type Reply } from '../../src/core/adapter.ts';
import type { Message } from '../../src/core/message.ts';
import { withPatience } from '../../src/core/patience.ts';
import { nonceOf } from './keys.ts';
import type { Sender } from './send.ts';

/**
 * An answer as a message of the bot's own: posted once, under a nonce by which Discord gives back what an earlier try made,
 * and edited from then on, for as long as it stands. One that somebody deletes is posted again.
 */
export function createOwnMessage(sender: Sender, channel: () => Promise<string>) {
  let nonce = nonceOf(randomUUID());
  let isDoubtful = false;
  let id: string | undefined;

  async function put(message: Message): Promise<void> {
    if (id !== undefined && (await isEdited(id, message))) return;
    const place = await channel();
    const mayBeEarlier = isDoubtful;
    isDoubtful = true;
    const sent = await sender.post(place, message, { key: 'reply', nonce }).catch((error) => {
      isDoubtful = mayBeEarlier || (error instanceof DeliveryError && error.outcome === 'doubtful');
      throw error;
    });
    id = sent.id;
    // What an earlier try made may show an earlier answer.
    if (mayBeEarlier) await sender.edit(place, sent.id, message);
    isDoubtful = false;
  }

  async function isEdited(known: string, message: Message): Promise<boolean> {
    try {
      await sender.edit(await channel(), known, message);
      return true;
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.outcome !== 'gone') throw error;
      id = undefined;
      nonce = nonceOf(randomUUID());
      return false;
    }
  }

  return {
    stands: () => id !== undefined,

    /** Shows this in place of what it showed before; the last answer is insisted on. */
    async show(message: Message, { final, ending }: Pick<Reply, 'final' | 'ending'>): Promise<void> {
      if (final) await withPatience(() => put(message), { ending });
      else await put(message);
    },

    /** Edits what stands, for as long as it does. Throws DeliveryError. */
    edit: (message: Message) =>
      withPatience(async () => {
        if (id === undefined || !(await isEdited(id, message)))
          throw new DeliveryError('gone', 'the answer stands no more');
      }),

    async remove(): Promise<void> {
      if (id !== undefined) await sender.remove(await channel(), id);
      id = undefined;
    },
  };
}
