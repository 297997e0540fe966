import { FLAGS, INTENTS } from '../bits.ts';
import type { Context } from '../context.ts';
import { isJson, type Json } from '../form.ts';
import { imageSize } from '../image-size.ts';
import { type Attachment, guildOf, type StoredMessage } from '../world.ts';
import { CHANNEL_TYPES, channelPayload, iso, memberPayload, userPayload } from './guild.ts';

/** resources/message: Attachment, with a URL that this server answers. */
export function attachmentPayload(context: Context, channelId: string, file: Attachment): Json {
  const url = `${context.origin()}/cdn/attachments/${channelId}/${file.id}/${encodeURIComponent(file.filename)}`;
  return {
    id: file.id,
    filename: file.filename,
    size: file.size,
    url,
    proxy_url: url,
    content_type: file.contentType,
    ...(file.description === undefined ? {} : { description: file.description }),
    ...imageSize(file.bytes),
    flags: 0,
  };
}

const ATTACHMENT = 'attachment://';

/** The `attachment://` names that embeds and components show. */
export function referencedNames(value: unknown): Set<string> {
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (isJson(node))
      for (const [key, child] of Object.entries(node)) {
        const isUrl = (key === 'url' || key === 'icon_url') && typeof child === 'string';
        if (isUrl && child.startsWith(ATTACHMENT)) names.add(child.slice(ATTACHMENT.length));
        else walk(child);
      }
  };
  walk(value);
  return names;
}

/** Puts the CDN's URLs where `attachment://` stood, as Discord's answers do. */
function withUrls(context: Context, message: StoredMessage, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((child) => withUrls(context, message, child));
  if (!isJson(value)) return value;
  const resolved: Json = {};
  for (const [key, child] of Object.entries(value)) {
    const isUrl =
      (key === 'url' || key === 'icon_url') && typeof child === 'string' && child.startsWith(ATTACHMENT);
    const file =
      isUrl && message.attachments.find(({ filename }) => filename === child.slice(ATTACHMENT.length));
    if (!file) resolved[key] = withUrls(context, message, child);
    else {
      const shown = attachmentPayload(context, message.channel, file);
      resolved[key] = shown.url;
      if (key === 'url')
        Object.assign(resolved, {
          attachment_id: file.id,
          content_type: file.contentType,
          ...imageSize(file.bytes),
        });
    }
  }
  return resolved;
}

/** Without MessageContent an app reads only its own words, direct messages and what mentions it (events/gateway). */
function contentIsHidden(context: Context, message: StoredMessage, mayRead: boolean): boolean {
  const { world } = context;
  const direct = world.channels.get(message.channel)?.kind === 'dm';
  return (
    !mayRead && message.author !== world.bot.id && !direct && !message.notified.users.includes(world.bot.id)
  );
}

/** Who reads a payload: REST and interactions, or a gateway session with its intents. */
export type Reader = 'rest' | 'interaction' | { intents: number };

/** resources/message: Message, as this reader gets it. */
export function messagePayload(context: Context, message: StoredMessage, reader: Reader): Json {
  const { world } = context;
  const channel = world.channels.get(message.channel);
  const mayRead =
    reader === 'interaction' ||
    (reader === 'rest'
      ? context.approved.has('MessageContent')
      : (reader.intents & INTENTS.MESSAGE_CONTENT) !== 0);
  const hidden = contentIsHidden(context, message, mayRead);
  const referenced = referencedNames([message.embeds, message.components]);
  const loose = message.attachments.filter(({ filename }) => !referenced.has(filename));
  const thread = world.channels.get(message.id);
  const guild = channel && channel.kind !== 'dm' ? guildOf(world, channel).id : undefined;
  const embeds = (withUrls(context, message, message.embeds) as Json[]).map((embed) => ({
    ...embed,
    type: 'rich',
  }));
  return {
    id: message.id,
    type: message.interaction?.type === 2 ? 20 : message.replyTo ? 19 : 0,
    channel_id: message.channel,
    author: userPayload(world.users.get(message.author)!),
    content: hidden ? '' : message.content,
    timestamp: iso(message.at),
    edited_timestamp: message.editedAt === null ? null : iso(message.editedAt),
    tts: false,
    mention_everyone: message.notified.everyone || message.notified.here,
    mentions: message.notified.users.map((id) => userPayload(world.users.get(id)!)),
    mention_roles: message.notified.roles,
    attachments: hidden ? [] : loose.map((file) => attachmentPayload(context, message.channel, file)),
    embeds: hidden || message.flags & FLAGS.SUPPRESS_EMBEDS ? [] : embeds,
    components: hidden ? [] : withUrls(context, message, message.components),
    pinned: false,
    flags: message.flags,
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
    ...(message.reactions.size > 0 ? { reactions: reactionPayloads(context, message) } : {}),
    ...(message.author === world.bot.id && message.interaction
      ? {
          application_id: world.bot.id,
          webhook_id: world.bot.id,
          interaction_metadata: interactionPayload(context, message),
        }
      : {}),
    ...(message.replyTo
      ? {
          message_reference: {
            type: 0,
            channel_id: message.channel,
            guild_id: guild,
            message_id: message.replyTo,
          },
        }
      : {}),
    ...(thread ? { thread: channelPayload(world, thread) } : {}),
    // Undocumented, but sent with the gateway's messages: discord.js knows a direct message by it.
    ...(typeof reader === 'object' && channel ? { channel_type: CHANNEL_TYPES[channel.kind] } : {}),
    ...(typeof reader === 'object' && guild
      ? {
          guild_id: guild,
          ...(world.members.has(message.author)
            ? { member: memberPayload(world, message.author, false) }
            : {}),
        }
      : {}),
  };
}

function interactionPayload(context: Context, message: StoredMessage): Json {
  const { id, type, user } = message.interaction!;
  return { id, type, user: userPayload(context.world.users.get(user)!), authorizing_integration_owners: {} };
}

/** Emoji as the routes spell it: a unicode emoji, or `name:id`. */
export function emojiPayload(emoji: string): Json {
  const [name, id] = emoji.split(':');
  return { id: id ?? null, name };
}

function reactionPayloads(context: Context, message: StoredMessage): Json[] {
  return [...message.reactions].map(([emoji, users]) => ({
    emoji: emojiPayload(emoji),
    count: users.length,
    count_details: { burst: 0, normal: users.length },
    me: users.includes(context.world.bot.id),
    me_burst: false,
    burst_colors: [],
  }));
}
