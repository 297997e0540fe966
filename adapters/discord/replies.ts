import type { RawFile } from 'discord.js';
import { type APIMessage, MessageFlags, Routes } from 'discord-api-types/v10';
import type { Reply } from '../../src/core/adapter.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import { withRateLimitRetry } from '../../src/core/rate-limit-retry.ts';
import type { DiscordApi } from './api.ts';
import { DEAD_INTERACTION } from './problems.ts';
import type { Sender } from './send.ts';

/** How long an interaction may be answered, milliseconds (discord-api-docs, "Interaction Callback"), less a margin. */
const TOKEN_MS = 15 * 60_000 - 30_000;

/** Where an answer goes. */
export interface ReplyPlace {
  user: string;
  /** A channel, or a thread, which is a channel too. */
  channel: string;
  /** The interaction that was deferred; undefined for a message that somebody wrote. */
  token: string | undefined;
  /** Who asked for what, to stand above a public answer. */
  asked: string;
}

/**
 * Answers one invocation. What is for everybody is a message of the bot's own, which later answers edit for as long
 * as they like; what is for the asker alone is the interaction's own answer, which only they see.
 */
export function createReplies(
  deps: { api: DiscordApi; sender: Sender; applicationId(): string; clock(): number; log: Log },
  place: ReplyPlace,
): (reply: Reply) => Promise<void> {
  const { api, sender, log } = deps;
  const since = deps.clock();
  let posted: APIMessage | undefined;
  let isDead = false;
  let deferred = place.token !== undefined;

  const original = (): `/${string}` => Routes.webhookMessage(deps.applicationId(), place.token!, '@original');

  async function publicly(message: Message): Promise<void> {
    const asked = { kind: 'text' as const, text: [{ code: place.asked }] };
    const said = { ...message, blocks: [asked, ...message.blocks] };
    if (posted) {
      const { id } = posted;
      await withRateLimitRetry(() => sender.edit(place.channel, id, said));
      return;
    }
    try {
      posted = await withRateLimitRetry(() => sender.post(place.channel, said, { key: 'reply' }));
    } catch (error) {
      if (!isTokenGood()) throw error;
      log.debug({ error: errorText(error) }, 'a public answer is given to the asker alone');
      await privately(message);
      return;
    }
    if (isTokenGood() && deferred) {
      deferred = false;
      await api
        .call('DELETE', original())
        .catch((error) => log.debug({ error: errorText(error) }, 'a deferred answer stays open'));
    }
  }

  async function privately(message: Message): Promise<void> {
    if (isTokenGood()) {
      const { body, files } = await sender.bodyOf(message);
      try {
        await interactionAnswer(body, files);
        return;
      } catch (error) {
        if ((error as { code?: number }).code !== DEAD_INTERACTION) throw error;
        isDead = true;
      }
    }
    if (place.token === undefined) {
      // Somebody wrote a message: there is no way to answer them alone in the same place.
      posted = await sender.post(place.channel, message, { key: 'reply' });
      return;
    }
    const { id } = await api.call<{ id: string }>('POST', Routes.userChannels(), {
      body: { recipient_id: place.user },
    });
    await sender.post(id, message, { key: 'reply' });
  }

  async function interactionAnswer(
    body: Awaited<ReturnType<Sender['bodyOf']>>['body'],
    files: RawFile[],
  ): Promise<void> {
    if (deferred) {
      await api.call('PATCH', original(), { body, files });
      return;
    }
    const flags = body.flags | MessageFlags.Ephemeral;
    const path = Routes.webhook(deps.applicationId(), place.token!);
    await api.call('POST', path, { body: { ...body, flags }, files });
  }

  function isTokenGood(): boolean {
    return !isDead && place.token !== undefined && deps.clock() - since < TOKEN_MS;
  }

  return async (reply) => {
    try {
      if (posted && place.token === undefined) {
        const { id } = posted;
        await withRateLimitRetry(() => sender.edit(place.channel, id, reply.message));
      } else if (reply.visibility === 'public') await publicly(reply.message);
      else await privately(reply.message);
    } catch (error) {
      log.warn({ error: errorText(error), asked: place.asked }, 'an answer did not reach Discord');
      if (reply.final && isTokenGood() && deferred)
        await privately(textMessage('The answer cannot be shown here; look on the host.', 'warning')).catch(
          () => {},
        );
      throw error;
    }
  };
}
