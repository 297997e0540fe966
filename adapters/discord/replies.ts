import { Routes } from 'discord-api-types/v10';
import type { GiveReply, Reply } from '../../src/core/adapter.ts';
import { isRefusal } from '../../src/core/form.ts';
import type { Log } from '../../src/core/log.ts';
import { textMessage } from '../../src/core/message.ts';
import { isGiven, orPlainer, withAsked } from '../../src/core/replying.ts';
import type { Clock } from '../../src/core/time.ts';
import type { DiscordApi } from './api.ts';
import { createInteractionAnswer, type InteractionAnswer } from './interaction-answer.ts';
import { createOwnMessage } from './own-message.ts';
import type { Sender } from './send.ts';

/** Where an answer goes. */
export interface ReplyPlace {
  user: string;
  /** A channel, or a thread, which is a channel too. */
  channel: string;
  /** They speak with the bot alone, so that nothing needs to be hidden. */
  isDirect: boolean;
  /** The interaction that was deferred; undefined for a message that somebody wrote. */
  token: string | undefined;
  /** It was deferred as an edit of the pressed message, beside which answers stand. */
  isUpdate: boolean;
  /** Who asked for what, to stand above a public answer. */
  asked: string;
}

export interface ReplyDeps {
  api: DiscordApi;
  sender: Sender;
  applicationId(): string;
  clock: Clock;
  log: Log;
}

/** How long it stands where somebody asked that they cannot be answered alone, milliseconds. */
const NOTICE_MS = 30_000;

/**
 * Answers one invocation. What is for everybody is a message of the bot's own, which later answers edit; what is for the
 * asker alone is the interaction's own answer, which only they see. Somebody who wrote a message has none: they are answered
 * where they wrote, but a refusal, which concerns nobody else, goes to their direct messages. A public interim answer is
 * replaced by the last one, be it a refusal.
 */
export function createReplies(deps: ReplyDeps, place: ReplyPlace): GiveReply {
  const { api, sender, log } = deps;
  const own = createOwnMessage(sender, async () => place.channel);
  const direct = createOwnMessage(sender, async () => {
    const body = { recipient_id: place.user };
    return (await api.call<{ id: string }>('POST', Routes.userChannels(), { body })).id;
  });
  const interaction =
    place.token === undefined ? undefined : createInteractionAnswer(deps, place.token, place.isUpdate);

  async function give(reply: Reply): Promise<void> {
    const { message, visibility, final } = reply;
    if (interaction === undefined) return answerWriter(reply);
    if ((visibility === 'public' || own.stands()) && (await isPublic(reply))) return interaction.withdraw();
    if (interaction.isGood() && (await isShown(reply, interaction))) return;
    if (final) await direct.show(message, reply);
  }

  async function answerWriter(reply: Reply): Promise<void> {
    const { message, visibility } = reply;
    const isForThemAlone = isRefusal(reply) || reply.refused === true;
    if (place.isDirect || own.stands() || !isForThemAlone)
      return own.show(visibility === 'public' ? withAsked(message, place.asked) : message, reply);
    const otherwise = 'somebody cannot be answered alone';
    if (await isGiven(() => direct.show(message, reply), reply, { log, otherwise })) return;
    await own.show(NOTICE, reply);
    setTimeout(() => void own.remove(), NOTICE_MS).unref();
  }

  /** Whether it stands in the channel; where the bot cannot post there, the asker alone is answered. */
  async function isPublic(reply: Reply): Promise<boolean> {
    const otherwise = 'a public answer is given to the asker alone';
    return isGiven(() => own.show(withAsked(reply.message, place.asked), reply), reply, { log, otherwise });
  }

  /** Whether the asker has it as the answer of the interaction. */
  async function isShown(reply: Reply, { show }: InteractionAnswer): Promise<boolean> {
    const otherwise = 'a private answer goes as a direct message';
    return isGiven(() => show(reply.message, reply), reply, { log, otherwise });
  }

  const answer = orPlainer(give, log);
  return async (reply) => {
    await answer(reply);
    return [own, direct, interaction].find((each) => each?.stands())?.edit;
  };
}

const NOTICE = textMessage(
  'The answer is for you alone, and Discord does not let xaxbot write to you. Use /xax here, whose answer only you see, or allow direct messages from members of this server.',
  'warning',
);
