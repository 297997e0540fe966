import { DeliveryError, type GiveReply, isNotTaken, type Reply } from '../../src/core/adapter.ts';
import { beginning } from '../../src/core/clip.ts';
import { errorText } from '../../src/core/errors.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createOwnMessage, type OwnMessageDeps } from './own-message.ts';
import { createPrivateAnswer, type PrivateDeps } from './private-answer.ts';
import type { ReplyPlace } from './reply-place.ts';

/** What the answers to one invocation need of the adapter. */
export type ReplyDeps = OwnMessageDeps & PrivateDeps;

/** Of an answer that Slack refuses as it is, so much is said in plain words, characters. */
const PLAIN_MAX = 2_000;

/**
 * Answers one invocation. For everybody, and where the asker is alone with the bot, by a message that later answers edit; for
 * the asker alone among others by what Slack shows nobody else, which cannot be edited: of those answers only the last
 * is given. A public interim answer is replaced by the last one, be it a refusal.
 */
export function createReplies(deps: ReplyDeps, place: ReplyPlace): GiveReply {
  const { log } = deps;
  const isAlone = place.isDirect || place.channel === null;
  const own = createOwnMessage(deps, {
    channel: async () => place.channel ?? (await deps.directChannel(place.user)),
    thread: place.thread,
    filesBelow: !isAlone,
  });
  const privately = createPrivateAnswer(deps, place);
  let isPublic = false;

  async function give(reply: Reply): Promise<void> {
    isPublic ||= reply.visibility === 'public';
    if (isAlone) return own.show(isPublic ? withAsked(reply.message) : reply.message, reply.final);
    if ((reply.visibility === 'public' || own.stands()) && (await isShown(reply))) return;
    if (reply.final) await privately(reply.message);
  }

  /** Whether it stands in the channel; where the bot cannot post there, the asker alone is answered. */
  async function isShown({ message, final }: Reply): Promise<boolean> {
    try {
      await own.show(withAsked(message), final);
      return true;
    } catch (error) {
      if (!final || !(error instanceof DeliveryError) || isNotTaken(error)) throw error;
      log.info({ error: errorText(error) }, 'a public answer is given to the asker alone');
      return false;
    }
  }

  function withAsked(message: Message): Message {
    return { ...message, blocks: [{ kind: 'text', text: [{ code: place.asked }] }, ...message.blocks] };
  }

  return async (reply) => {
    try {
      await give(reply);
    } catch (error) {
      if (!reply.final || !isNotTaken(error)) throw error;
      log.warn({ error: errorText(error), asked: place.asked }, 'an answer is given in plain words');
      await give({ ...reply, message: textMessage(beginning(plainText(reply.message), PLAIN_MAX)) });
    }
    return own.stands() ? own.edit : undefined;
  };
}
