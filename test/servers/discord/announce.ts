import { INTENTS } from './bits.ts';
import type { Context } from './context.ts';
import { needFor } from './gateway.ts';
import { channelPayload } from './payloads/guild.ts';
import { messagePayload } from './payloads/message.ts';
import { type Channel, may, type StoredMessage } from './world.ts';

/** Says a change of a message on the gateway; nobody but its reader hears of an ephemeral one. */
export function announce(
  context: Context,
  event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE',
  message: StoredMessage,
): void {
  const channel = context.world.channels.get(message.channel);
  if (!channel || message.onlyFor !== null || !botSees(context, channel)) return;
  context.gateway.emit(event, needFor('message', channel.kind === 'dm'), (intents) =>
    messagePayload(context, message, { intents }),
  );
}

/** Says a change of a channel or thread; `CHANNEL_UPDATE` also when it is the sight of it that the bot loses. */
export function announceChannel(
  context: Context,
  event:
    | 'THREAD_CREATE'
    | 'THREAD_UPDATE'
    | 'THREAD_DELETE'
    | 'CHANNEL_CREATE'
    | 'CHANNEL_UPDATE'
    | 'CHANNEL_DELETE',
  channel: Channel,
): void {
  if (event !== 'CHANNEL_UPDATE' && !botSees(context, channel)) return;
  context.gateway.emit(event, INTENTS.GUILDS, () => ({
    ...channelPayload(context.world, channel),
    ...(event === 'THREAD_CREATE' ? { newly_created: true } : {}),
  }));
}

export function botSees(context: Context, channel: Channel): boolean {
  return may(context.world, channel, context.world.bot.id, 'VIEW_CHANNEL');
}
