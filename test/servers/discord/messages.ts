import { announce, announceChannel, botSees } from './announce.ts';
import { FLAGS } from './bits.ts';
import type { Context } from './context.ts';
import type { Draft } from './draft.ts';
import { refuse, tooMany } from './errors.ts';
import { needFor } from './gateway.ts';
import { MESSAGE, OLD_EDITS } from './limits.ts';
import { notifiedBy } from './mentions.ts';
import { type Channel, guildOf, may, type StoredMessage } from './world.ts';

/** Stores a new message and says so; a send brings an archived thread back, unless it is locked. */
export function addMessage(
  context: Context,
  channel: Channel,
  parts: Partial<StoredMessage> & Pick<StoredMessage, 'author'>,
): StoredMessage {
  const { world } = context;
  if (channel.archived) {
    if (channel.locked && !may(world, channel, parts.author, 'MANAGE_THREADS')) throw refuse(160005);
    channel.archived = false;
    channel.archivedAt = world.clock.now();
    announceChannel(context, 'THREAD_UPDATE', channel);
  } else if (channel.locked && !may(world, channel, parts.author, 'MANAGE_THREADS')) throw refuse(160005);
  const message: StoredMessage = {
    id: world.newId(),
    channel: channel.id,
    content: '',
    embeds: [],
    components: [],
    attachments: [],
    flags: 0,
    nonce: null,
    at: world.clock.now(),
    editedAt: null,
    notified: { everyone: false, here: false, users: [], roles: [] },
    reactions: new Map(),
    replyTo: null,
    onlyFor: null,
    interaction: null,
    edits: 0,
    ...parts,
  };
  channel.messages.set(message.id, message);
  channel.everHeld += 1;
  if (message.nonce !== null && message.author === world.bot.id)
    channel.nonces.push({ nonce: String(message.nonce), message: message.id, at: message.at });
  announce(context, 'MESSAGE_CREATE', message);
  return message;
}

/** The parts of a stored message that a draft decides, with whom it pings. */
export function written(
  context: Context,
  draft: Draft,
  place: Pick<StoredMessage, 'channel' | 'onlyFor' | 'replyTo'>,
): Pick<
  StoredMessage,
  'content' | 'embeds' | 'components' | 'attachments' | 'flags' | 'notified' | 'replyTo'
> {
  const { content, embeds, components, attachments, flags } = draft;
  return {
    content,
    embeds,
    components,
    attachments,
    flags,
    replyTo: place.replyTo,
    notified: notifiedBy(context.world, { ...place, content, components }, draft.allowed),
  };
}

/** Changes a message as a draft says; editing in an archived thread is 50083. */
export function changeMessage(context: Context, message: StoredMessage, draft: Draft): void {
  const channel = context.world.channels.get(message.channel);
  if (!channel) throw refuse(10003);
  if (channel.archived) throw refuse(50083);
  if (channel.locked && !may(context.world, channel, context.world.bot.id, 'MANAGE_THREADS'))
    throw refuse(160005);
  Object.assign(message, written(context, draft, message), { editedAt: context.world.clock.now() });
  message.flags &= ~FLAGS.LOADING;
  message.edits += 1;
  announce(context, 'MESSAGE_UPDATE', message);
}

/** An edit of a message older than an hour: a few a channel, then 30046 (as 429). */
export function countOldEdit(context: Context, message: StoredMessage): void {
  const now = context.world.clock.now();
  if (now - message.at <= OLD_EDITS.olderThanMs) return;
  const times = (context.oldEdits.get(message.channel) ?? []).filter((at) => now - at < OLD_EDITS.windowMs);
  if (times.length >= OLD_EDITS.count)
    throw tooMany((OLD_EDITS.windowMs - (now - times[0]!)) / 1000, {
      code: 30046,
      message: 'Maximum number of edits to messages older than 1 hour reached. Try again later.',
      scope: 'shared',
    });
  context.oldEdits.set(message.channel, [...times, now]);
}

/**
 * The bot's message with this nonce from the past few minutes in this channel, when the draft enforces it; Unknown
 * Message when it was deleted since (discord-api-docs#6647).
 */
export function findByNonce(context: Context, channel: Channel, draft: Draft): StoredMessage | undefined {
  if (!draft.enforceNonce || draft.nonce === null) return undefined;
  const since = context.world.clock.now() - MESSAGE.enforcedNonceMs;
  const used = channel.nonces.find(({ nonce, at }) => at >= since && nonce === String(draft.nonce));
  if (!used) return undefined;
  const message = channel.messages.get(used.message);
  if (!message) throw refuse(10008);
  return message;
}

/** Takes a message away and says so. */
export function removeMessage(context: Context, message: StoredMessage): void {
  const channel = context.world.channels.get(message.channel);
  channel?.messages.delete(message.id);
  if (!channel || message.onlyFor !== null || !botSees(context, channel)) return;
  const direct = channel.kind === 'dm';
  context.gateway.emit('MESSAGE_DELETE', needFor('message', direct), () => ({
    id: message.id,
    channel_id: channel.id,
    ...(direct ? {} : { guild_id: guildOf(context.world, channel).id }),
  }));
}

/** Takes several messages of one channel away and says so at once. */
export function removeMessages(context: Context, ids: readonly string[]): void {
  const channel = [...context.world.channels.values()].find(({ messages }) => messages.has(ids[0] ?? ''));
  if (!channel) return;
  for (const id of ids) channel.messages.delete(id);
  context.gateway.emit('MESSAGE_DELETE_BULK', needFor('message', false), () => ({
    ids,
    channel_id: channel.id,
    guild_id: guildOf(context.world, channel).id,
  }));
}
