import { randomUUID } from 'node:crypto';
import { type AdapterHandlers, DeliveryError, type Invocation, type Reply } from '../../src/core/adapter.ts';
import type { ChatStore } from '../../src/core/chat-store.ts';
import { textMessage } from '../../src/core/message.ts';
import { typedWords } from '../../src/core/typed-words.ts';
import { editAnswer, editMessage } from './pressed.ts';
import type { Streams } from './streams.ts';

/** How a page's request is answered. */
export interface InteractionAnswer {
  interaction: string;
  /** What was asked, as it is typed. */
  asked: string;
  /** The answer, if it is for the asker alone. */
  reply: Reply | null;
  /** The message that says to everybody what was asked, if the answer below it is for them. */
  posted: number | null;
}

/**
 * Runs what a page asks for. A public answer is the asker's command and the bot's message below it, edited in place
 * by later answers; a private one goes to the asker: the first in the response, later ones over their stream. `request`
 * aborts when the page hangs up before its response.
 */
export function createInteractions(deps: { store: ChatStore; streams: Streams }) {
  const { store, streams } = deps;

  return function interact(
    handlers: AdapterHandlers,
    invocation: Invocation,
    request: AbortSignal,
  ): Promise<InteractionAnswer> {
    const interaction = randomUUID();
    const thread = invocation.thread ? Number(invocation.thread.id) : null;
    const { channel, person } = invocation;
    let answered = false;
    let askedId: number | null = null;
    let publicId: number | undefined;
    const words = typedWords(invocation, handlers);

    function showPublicly({ message }: Reply): void {
      if (publicId !== undefined) {
        const updated = store.update(publicId, message);
        if (updated) streams.broadcast([updated]);
        return;
      }
      const author = { id: person.id, name: person.name };
      const asked = store.post({
        channel,
        thread,
        author,
        message: textMessage(words),
        key: `ask:${interaction}`,
      });
      const posted = store.post({ channel, thread, author: null, message, key: `reply:${interaction}` });
      askedId = asked.posted.id;
      publicId = posted.posted.id;
      const newest = new Map([...asked.changed, ...posted.changed].map((each) => [each.id, each]));
      streams.broadcast([...newest.values()]);
    }

    /** Whether everybody can read it; where it cannot be kept, the asker alone is answered. */
    function isPublic(reply: Reply): boolean {
      if (reply.visibility !== 'public' && publicId === undefined) return false;
      try {
        showPublicly(reply);
        return true;
      } catch (error) {
        if (!reply.final) throw error;
        return false;
      }
    }

    return new Promise((resolve) => {
      const respond = (reply: Reply | null) => {
        if (answered) return false;
        answered = true;
        resolve({ interaction, asked: words, reply, posted: askedId });
        return !request.aborted;
      };
      handlers
        .invoke(invocation, async (reply) => {
          if (isPublic(reply)) {
            respond(null);
            return publicId === undefined ? undefined : editMessage(deps, publicId);
          }
          const where = { interaction, asked: words, channel, thread };
          if (!respond(reply) && !streams.answer(person.id, { ...where, reply }))
            throw new DeliveryError('gone', 'no page of theirs is open');
          return editAnswer(streams, person, where);
        })
        .finally(() => respond(null));
    });
  };
}
