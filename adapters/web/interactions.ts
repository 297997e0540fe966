import { randomUUID } from 'node:crypto';
import { type AdapterHandlers, DeliveryError, type Invocation, type Reply } from '../../src/core/adapter.ts';
import type { ChatStore } from '../../src/core/chat-store.ts';
import { textMessage } from '../../src/core/message.ts';
import { typedWords } from '../../src/core/typed-words.ts';
import { editAnswer, editMessage } from './pressed.ts';
import type { Streams } from './streams.ts';

/** How a page's request is answered: by a message that everybody sees, or by this, for the asker alone. */
export type InteractionAnswer = { interaction: string; reply: Reply | null };

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
    const asked = textMessage(typedWords(invocation, handlers));
    let answered = false;
    let publicId: number | undefined;

    function showPublicly({ message }: Reply): void {
      if (publicId !== undefined) {
        const updated = store.update(publicId, message);
        if (updated) streams.broadcast([updated]);
        return;
      }
      const author = { id: person.id, name: person.name };
      const question = store.post({
        channel,
        thread,
        author,
        message: asked,
        key: `ask:${interaction}`,
      });
      const posted = store.post({ channel, thread, author: null, message, key: `reply:${interaction}` });
      publicId = posted.posted.id;
      const newest = new Map([...question.changed, ...posted.changed].map((each) => [each.id, each]));
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
        resolve({ interaction, reply });
        return !request.aborted;
      };
      handlers
        .invoke(invocation, async (reply) => {
          if (isPublic(reply)) {
            respond(null);
            return publicId === undefined ? undefined : editMessage(deps, publicId);
          }
          const where = { interaction, channel, thread };
          if (!respond(reply) && !streams.answer(person.id, { ...where, reply }))
            throw new DeliveryError('gone', 'no page of theirs is open');
          return editAnswer(streams, person, where);
        })
        .finally(() => respond(null));
    });
  };
}
