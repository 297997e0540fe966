import type { GiveReply, Reply } from '../../src/core/adapter.ts';
import { isGiven, orPlainer, withAsked } from '../../src/core/replying.ts';
import { createOwnMessage, type OwnMessageDeps } from './own-message.ts';
import { createPrivateAnswer, type PrivateDeps } from './private-answer.ts';
import type { ReplyPlace } from './reply-place.ts';

/** The interim answer by which work has taken long enough to say so. */
const TELLS_OF_LENGTH = 2;

/** What the answers to one invocation need of the adapter. */
export type ReplyDeps = OwnMessageDeps & PrivateDeps;

/**
 * Answers one invocation. For everybody, and where the asker is alone with the bot, by a message that later answers edit; for
 * the asker alone among others by what Slack shows nobody else, which cannot be edited: of those answers only the last
 * is given, and before it, of work that takes long, the second. A public interim answer is replaced by the last one, be it a refusal.
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
  let interims = 0;

  async function give(reply: Reply): Promise<void> {
    const { message, visibility, final } = reply;
    isPublic ||= visibility === 'public';
    const show = () => own.show(isPublic ? withAsked(message, place.asked) : message, reply);
    if (isAlone) return show();
    const otherwise = 'a public answer is given to the asker alone';
    if ((visibility === 'public' || own.stands()) && (await isGiven(show, reply, { log, otherwise }))) return;
    if (!final) interims += 1;
    if (final || interims === TELLS_OF_LENGTH) await privately(reply);
  }

  const answer = orPlainer(give, log);
  return async (reply) => {
    await answer(reply);
    return own.stands() ? own.edit : undefined;
  };
}
