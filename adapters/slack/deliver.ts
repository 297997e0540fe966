import { type Adapter, DeliveryError, DIRECT } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Message } from '../../src/core/message.ts';
import type { MessageRef } from '../../src/core/request.ts';
import type { SlackClient } from './client.ts';
import { DELIVERY_EVENT } from './limits.ts';
import { QUIET } from './own-message.ts';
import type { Present } from './present.ts';
import type { Rendered } from './render.ts';
import type { SlackUploads } from './uploads.ts';

/** A page of messages that is looked through for a key, and how many pages at most. */
const SEARCH_PAGE = 100;
const SEARCH_PAGES = 20;
/** Slack's clock and ours may differ by this much, milliseconds. */
const CLOCK_DIFFERENCE_MS = 60_000;

/** Says things in Slack, changes them, and finds by its key what may have been said. */
export function createDelivery(deps: {
  client: SlackClient;
  uploads: SlackUploads;
  ports: AdapterPorts;
  present: Present;
  botId(): string;
  /** The workspace's address, with its last slash. */
  teamUrl(): string;
}): Pick<Adapter, 'post' | 'update' | 'remove' | 'openThread' | 'findByKey'> & {
  /** Slack's id of the channel in which the bot talks to somebody alone. */
  directChannel(user: string): Promise<string>;
} {
  const { client, uploads, present } = deps;
  const { log, uploads: uploaded } = deps.ports;
  const directs = new Map<string, string>();

  async function directChannel(user: string): Promise<string> {
    const known = directs.get(user);
    if (known !== undefined) return known;
    const { channel } = await client.call<{ channel: { id: string } }>('conversations.open', { users: user });
    directs.set(user, channel.id);
    return channel.id;
  }

  /** Slack's id of a channel of ours, which may be somebody's own. */
  async function slackChannel(channel: string): Promise<string> {
    return channel.startsWith(DIRECT) ? directChannel(channel.slice(DIRECT.length)) : channel;
  }

  /** A card whose thread is not under it says where it is: Slack shows a thread by its first message, be that deleted. */
  function withDiscussion(message: Message, channel: string, thread: MessageRef | undefined): Message {
    if (!thread) return message;
    const { id } = thread;
    const link = `${deps.teamUrl()}archives/${channel}/p${id.replace('.', '')}?thread_ts=${id}&cid=${channel}`;
    return {
      ...message,
      blocks: [...message.blocks, { kind: 'text', text: [{ link, label: 'Discussion' }] }],
    };
  }

  /** What a message could not hold follows it; where that fails, the message stands and says why. */
  async function attachRest(
    message: Message,
    overflow: string | undefined,
    { channel, ts, thread = ts }: { channel: string; ts: string; thread?: string | undefined },
    owner: string,
  ): Promise<void> {
    const unsent = await uploads.attach(message, overflow, { channel, thread });
    if (unsent.size === 0) return;
    try {
      await edit({ channel, ts }, await present(message, owner, { unsent }));
    } catch (error) {
      log.warn({ error: errorText(error) }, 'a message does not say that its files are missing');
    }
  }

  async function edit(
    at: { channel: string; ts: string },
    { text, blocks }: Pick<Rendered, 'text' | 'blocks'>,
  ): Promise<void> {
    await client.call('chat.update', { ...at, text, blocks, parse: 'none', link_names: false });
  }

  return {
    directChannel,

    async post(target, message, key) {
      const channel = await slackChannel(target.channel);
      const shown = withDiscussion(message, channel, target.discussion);
      const { text, blocks, overflow } = await present(shown, key);
      const thread = target.thread ? { thread_ts: target.thread.id } : {};
      const { ts } = await client.call<{ ts: string }>('chat.postMessage', {
        channel,
        ...thread,
        ...(target.thread && target.alsoInChannel ? { reply_broadcast: true } : {}),
        text,
        blocks,
        metadata: { event_type: DELIVERY_EVENT, event_payload: { key } },
        ...QUIET,
      });
      const ref = { channel: target.channel, id: ts };
      for (const { file, remote } of uploaded.of(key)) {
        uploaded.add(ownerOf(ref), file, remote);
        uploaded.remove(key, file);
      }
      await attachRest(shown, overflow, { channel, ts, thread: target.thread?.id }, ownerOf(ref));
      return ref;
    },

    async update(ref, message, { discussion }) {
      const owner = ownerOf(ref);
      const channel = await slackChannel(ref.channel);
      // What did not fit was attached to what stood here before.
      const shown = withDiscussion(message, channel, discussion);
      const presented = await present(shown, owner, { rest: null });
      await edit({ channel, ts: ref.id }, presented);
      await uploads.tidy(message, owner);
    },

    // Replies stay under what Slack shows in place of the message.
    async remove({ channel, id }) {
      await client.call('chat.delete', { channel: await slackChannel(channel), ts: id });
    },

    // A thread is named by the message that it is under.
    openThread: async (ref) => ref,

    async findByKey(target, key, since) {
      const channel = await slackChannel(target.channel);
      const method = target.thread ? 'conversations.replies' : 'conversations.history';
      let cursor: string | undefined;
      for (let page = 0; page < SEARCH_PAGES; page += 1) {
        const found: MessagePage = await client.call<MessagePage>(method, {
          channel,
          ...(target.thread ? { ts: target.thread.id } : {}),
          oldest: String((since - CLOCK_DIFFERENCE_MS) / 1000),
          include_all_metadata: true,
          limit: SEARCH_PAGE,
          ...(cursor === undefined ? {} : { cursor }),
        });
        const message = found.messages.find(
          ({ metadata, bot_id }) => bot_id === deps.botId() && metadata?.event_payload?.key === key,
        );
        if (message) return { channel: target.channel, id: message.ts };
        cursor = found.response_metadata?.next_cursor || undefined;
        if (cursor === undefined) return undefined;
      }
      throw new DeliveryError(
        'doubtful',
        `there are too many messages since to find out whether ${key} was delivered`,
      );
    },
  };
}

interface MessagePage {
  messages: { ts: string; bot_id?: string; metadata?: { event_payload?: { key?: string } } }[];
  response_metadata?: { next_cursor?: string };
}

function ownerOf({ channel, id }: MessageRef): string {
  return `${channel}:${id}`;
}
