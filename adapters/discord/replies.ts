import { Routes } from 'discord-api-types/v10';
import { DeliveryError, type GiveReply, isNotTaken, type Reply } from '../../src/core/adapter.ts';
import { beginning } from '../../src/core/clip.ts';
import { errorText } from '../../src/core/errors.ts';
import { isRefusal } from '../../src/core/form.ts';
import type { Log } from '../../src/core/log.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { Clock } from '../../src/core/time.ts';
import type { DiscordApi } from './api.ts';
import { createInteractionAnswer } from './interaction-answer.ts';
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

/** Of an answer that Discord refuses as it is, so much is said in plain words, characters. */
const PLAIN_MAX = 1_500;
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
    if (interaction.isGood() && (await isShown(message, final))) return;
    if (final) await direct.show(message, true);
  }

  async function answerWriter(reply: Reply): Promise<void> {
    const { message, visibility, final } = reply;
    const isForThemAlone = isRefusal(reply) || reply.refused === true;
    if (place.isDirect || own.stands() || !isForThemAlone)
      return own.show(visibility === 'public' ? withAsked(message) : message, final);
    try {
      await direct.show(message, final);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      log.info({ error: errorText(error) }, 'somebody cannot be answered alone');
      await own.show(NOTICE, true);
      setTimeout(() => void own.remove(), NOTICE_MS).unref();
    }
  }

  /** Whether it stands in the channel; where the bot cannot post there, the asker alone is answered. */
  async function isPublic({ message, final }: Reply): Promise<boolean> {
    return isGiven(
      () => own.show(withAsked(message), final),
      final,
      'a public answer is given to the asker alone',
    );
  }

  /** Whether the asker has it as the answer of the interaction. */
  async function isShown(message: Message, final: boolean): Promise<boolean> {
    return isGiven(
      () => interaction!.show(message, final),
      final,
      'a private answer goes as a direct message',
    );
  }

  async function isGiven(work: () => Promise<void>, final: boolean, otherwise: string): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!final || !(error instanceof DeliveryError) || isNotTaken(error)) throw error;
      log.info({ error: errorText(error) }, otherwise);
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
    return [own, direct, interaction].find((each) => each?.stands())?.edit;
  };
}

const NOTICE = textMessage(
  'The answer is for you alone, and Discord does not let xaxbot write to you. Use /xax here, whose answer only you see, or allow direct messages from members of this server.',
  'warning',
);
