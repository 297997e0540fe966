import { botSees } from '../announce.ts';
import type { Context } from '../context.ts';
import { refuse } from '../errors.ts';
import type { Json } from '../form.ts';
import { needFor } from '../gateway.ts';
import { REACTIONS } from '../limits.ts';
import { memberPayload } from '../payloads/guild.ts';
import { emojiPayload } from '../payloads/message.ts';
import { guildOf, type StoredMessage } from '../world.ts';

/** Adds a user's reaction and says so; a second of the same changes nothing. */
export function react(context: Context, userId: string, message: StoredMessage, emoji: string): void {
  const users = message.reactions.get(emoji) ?? [];
  if (users.includes(userId)) return;
  if (users.length === 0 && message.reactions.size >= REACTIONS) throw refuse(30010);
  message.reactions.set(emoji, [...users, userId]);
  say(context, 'MESSAGE_REACTION_ADD', userId, message, emoji);
}

/** Takes a user's reaction back and says so; nothing happens without one. */
export function unreact(context: Context, userId: string, message: StoredMessage, emoji: string): void {
  const users = message.reactions.get(emoji) ?? [];
  if (!users.includes(userId)) return;
  if (users.length === 1) message.reactions.delete(emoji);
  else
    message.reactions.set(
      emoji,
      users.filter((id) => id !== userId),
    );
  say(context, 'MESSAGE_REACTION_REMOVE', userId, message, emoji);
}

function say(context: Context, event: string, userId: string, message: StoredMessage, emoji: string): void {
  const { world } = context;
  const channel = world.channels.get(message.channel);
  if (!channel || !botSees(context, channel)) return;
  const direct = channel.kind === 'dm';
  const placed: Json = direct ? {} : { guild_id: guildOf(world, channel).id };
  if (!direct && event === 'MESSAGE_REACTION_ADD') placed.member = memberPayload(world, userId);
  context.gateway.emit(event, needFor('reaction', direct), () => ({
    user_id: userId,
    channel_id: channel.id,
    message_id: message.id,
    message_author_id: message.author,
    emoji: emojiPayload(emoji),
    burst: false,
    type: 0,
    ...placed,
  }));
}
