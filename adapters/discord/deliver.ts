import { type APIChannel, type APIMessage, Routes } from 'discord-api-types/v10';
import { type Adapter, DeliveryError, DIRECT, type Target } from '../../src/core/adapter.ts';
import { clip } from '../../src/core/clip.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Clock } from '../../src/core/time.ts';
import type { DiscordApi } from './api.ts';
import { componentIdOf, nonceOf } from './keys.ts';
import { EPOCH_MS, HISTORY_PAGE, THREAD_ARCHIVE_MINUTES, THREAD_NAME_MAX } from './limits.ts';
import { OLD_EDITS, THREAD_EXISTS } from './problems.ts';
import type { Sender } from './send.ts';

/** How many pages of a channel's history are looked through for a key. */
const SEARCH_PAGES = 20;
/** Discord's clock and ours may differ by this much, milliseconds. */
const CLOCK_DIFFERENCE_MS = 60_000;
const OLD_MESSAGE_MS = 3_600_000;
/** After this many refusals in a row an old card is sent again instead of being edited. */
const OLD_EDIT_TRIES = 3;

/** Says things in Discord, changes them, and finds by its key what may have been said. */
export function createDelivery(deps: {
  api: DiscordApi;
  sender: Sender;
  clock: Clock;
  /** Our own id, once it is known. */
  botId(): string | undefined;
}): Pick<Adapter, 'post' | 'update' | 'remove' | 'openThread' | 'findByKey'> {
  const { api, sender, clock } = deps;
  const oldEdits = new Map<string, number>();
  const directs = new Map<string, string>();

  async function discordChannel({ channel, thread }: Target): Promise<string> {
    if (thread) return thread.id;
    if (!channel.startsWith(DIRECT)) return channel;
    const user = channel.slice(DIRECT.length);
    const known = directs.get(user);
    if (known !== undefined) return known;
    const { id } = await api.call<{ id: string }>('POST', Routes.userChannels(), {
      body: { recipient_id: user },
    });
    directs.set(user, id);
    return id;
  }

  /** Edits of messages older than an hour have a limit of their own (discord-api-docs, code 30046). */
  function isOld(messageId: string): boolean {
    return Number(BigInt(messageId) >> 22n) + EPOCH_MS < clock() - OLD_MESSAGE_MS;
  }

  /** Such a limit is of that message's age: younger ones in the channel are edited meanwhile. */
  function isOldEdit(error: unknown, messageId: string): boolean {
    const { code, isNarrow } = error as { code?: number; isNarrow?: boolean };
    return code === OLD_EDITS || (code === 429 && isNarrow === true && isOld(messageId));
  }

  return {
    async post(target, message, key) {
      const channel = await discordChannel(target);
      const { id } = await sender.post(channel, message, {
        key,
        nonce: nonceOf(key),
        id: componentIdOf(key),
        ...(target.discussion ? { discussion: target.discussion.id } : {}),
        ...parentOf(target),
      });
      return { channel: target.channel, id };
    },

    async update(ref, message, { key, thread, discussion }) {
      const channel = await discordChannel({ channel: ref.channel, ...(thread ? { thread } : {}) });
      try {
        await sender.edit(channel, ref.id, message, {
          id: componentIdOf(key),
          ...(discussion ? { discussion: discussion.id } : {}),
          ...parentOf({ channel: ref.channel, thread }),
        });
        oldEdits.delete(ref.id);
      } catch (error) {
        if (!isOldEdit(error, ref.id)) throw error;
        const tries = (oldEdits.get(ref.id) ?? 0) + 1;
        oldEdits.set(ref.id, tries);
        if (tries < OLD_EDIT_TRIES)
          throw new DeliveryError('retry', errorText(error), (error as DeliveryError).retryAfterMs, {
            scope: 'delivery',
            paced: 'edits',
          });
        throw new DeliveryError('frozen', errorText(error));
      }
    },

    async remove({ channel, id }, thread) {
      oldEdits.delete(id);
      const within = thread?.id ?? (await discordChannel({ channel }));
      await api.call('DELETE', Routes.channelMessage(within, id), {
        channel,
        inThread: thread !== undefined,
      });
    },

    async openThread(ref, title) {
      try {
        await api.call<APIChannel>('POST', Routes.threads(ref.channel, ref.id), {
          channel: ref.channel,
          body: {
            name: clip(title, THREAD_NAME_MAX) || 'job',
            auto_archive_duration: THREAD_ARCHIVE_MINUTES,
          },
        });
      } catch (error) {
        if ((error as { code?: number }).code !== THREAD_EXISTS) throw error;
      }
      // A thread has the id of the message that it is under.
      return { channel: ref.channel, id: ref.id };
    },

    async findByKey(target, key, since) {
      const channel = await discordChannel(target);
      const wanted = componentIdOf(key);
      let after = snowflake(since - CLOCK_DIFFERENCE_MS);
      for (let page = 0; page < SEARCH_PAGES; page += 1) {
        const messages = await api.call<APIMessage[]>('GET', Routes.channelMessages(channel), {
          channel: target.channel,
          inThread: target.thread !== undefined,
          query: new URLSearchParams({ after, limit: String(HISTORY_PAGE) }),
        });
        const found = messages.find(
          ({ author, components }) =>
            author.id === deps.botId() && components?.some(({ id }) => id === wanted),
        );
        if (found) return { channel: target.channel, id: found.id };
        if (messages.length < HISTORY_PAGE) return undefined;
        after = messages.reduce((latest, { id }) => (BigInt(id) > BigInt(latest) ? id : latest), after);
      }
      throw new DeliveryError(
        'doubtful',
        `there are too many messages since to find out whether ${key} was delivered`,
      );
    },
  };
}

/** The channel of a thread. */
function parentOf({ channel, thread }: Pick<Target, 'channel'> & { thread?: Target['thread'] | undefined }) {
  return thread ? { parent: channel } : {};
}

/** The id that a message of this moment (epoch ms) would have at least. */
function snowflake(epochMs: number): string {
  return String(BigInt(Math.max(0, Math.floor(epochMs) - EPOCH_MS)) << 22n);
}
