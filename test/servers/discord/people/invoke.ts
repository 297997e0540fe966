import type { Command } from '../commands.ts';
import type { Context } from '../context.ts';
import type { Json } from '../form.ts';
import type { Live } from '../open-interactions.ts';
import { channelPayload, interactionMember, userPayload } from '../payloads/guild.ts';
import { messagePayload } from '../payloads/message.ts';
import {
  type Channel,
  findMessage,
  guildOf,
  may,
  permissionsIn,
  type StoredMessage,
  type User,
} from '../world.ts';
import { directChannel } from './direct.ts';
import { type Observed, observe } from './observe.ts';

/** Where a person acts: a channel's or thread's id, or the direct messages with the bot. */
export type Place = string | 'dm';

/** The channel that a person is in; throws when they cannot see it or do nothing there. */
export function placeOf(context: Context, user: User, place: Place): Channel {
  const channel = place === 'dm' ? directChannel(context, user.id) : context.world.channels.get(place);
  if (!channel) throw new Error(`There is no channel ${place}`);
  if (!may(context.world, channel, user.id, 'VIEW_CHANNEL'))
    throw new Error(`${user.name} cannot see the channel ${channel.name}`);
  return channel;
}

/** Sends the bot an interaction and observes what comes of it. */
export function invoke(
  context: Context,
  user: User,
  channel: Channel,
  parts: Pick<Live, 'kind'> & { data: Json; message?: StoredMessage },
): Promise<Observed> {
  const { world } = context;
  const live = context.interactions.open({
    kind: parts.kind,
    user: user.id,
    channel: channel.id,
    source: parts.message?.id ?? null,
  });
  const direct = channel.kind === 'dm';
  const guild = guildOf(world, channel).id;
  const seen = observe(context, live);
  const { forge = (payload: Json) => payload } = context;
  context.forge = undefined;
  context.gateway.emit('INTERACTION_CREATE', null, () =>
    forge({
      id: live.id,
      application_id: world.bot.id,
      type: live.kind,
      token: live.token,
      version: 1,
      channel_id: channel.id,
      channel: {
        ...channelPayload(world, channel),
        permissions: String(permissionsIn(world, channel, user.id)),
      },
      ...(direct
        ? { user: userPayload(user), context: 1 }
        : {
            guild_id: guild,
            guild: { id: guild, locale: 'en-US', features: [] },
            guild_locale: 'en-US',
            member: interactionMember(world, user.id, permissionsIn(world, channel, user.id)),
            context: 0,
          }),
      locale: 'en-US',
      app_permissions: String(permissionsIn(world, channel, world.bot.id)),
      entitlements: [],
      authorizing_integration_owners: { 0: direct ? '0' : guild },
      attachment_size_limit: context.fileLimit,
      data: parts.data,
      ...(parts.message ? { message: messagePayload(context, parts.message, 'interaction') } : {}),
    }),
  );
  return seen;
}

/** The registered command that a person can pick here; throws when it is not shown to them. */
export function commandFor(
  context: Context,
  user: User,
  channel: Channel,
  type: number,
  name: string,
): Command {
  const { world } = context;
  const direct = channel.kind === 'dm';
  if (!direct && !world.members.has(world.bot.id)) throw new Error('The bot is not in the guild');
  const command = context.commands.find(type, name, direct ? undefined : guildOf(world, channel).id);
  if (!command) throw new Error(`No command ${name} of type ${type} is registered here`);
  const contexts = Array.isArray(command.contexts) ? command.contexts : undefined;
  if (contexts ? !contexts.includes(direct ? 1 : 0) : direct && command.dm_permission === false)
    throw new Error(`${name} is not offered in ${direct ? 'direct messages' : 'servers'}`);
  if (direct) return command;
  if (!may(world, channel, user.id, 'USE_APPLICATION_COMMANDS'))
    throw new Error(`${user.name} may not use commands in ${channel.name}`);
  if (channel.archived) throw new Error(`The thread ${channel.name} is archived: no commands there`);
  const needed = command.default_member_permissions;
  if (typeof needed === 'string') {
    const bits = permissionsIn(world, channel, user.id);
    const admin = may(world, channel, user.id, 'ADMINISTRATOR');
    if (!admin && (needed === '0' || (bits & BigInt(needed)) !== BigInt(needed)))
      throw new Error(`${name} is not shown to ${user.name}: it needs permissions ${needed}`);
  }
  return command;
}

/** A message that this person can see; throws otherwise. */
export function messageFor(
  context: Context,
  user: User,
  id: string,
): { message: StoredMessage; channel: Channel } {
  const message = findMessage(context.world, id);
  if (!message || (message.onlyFor !== null && message.onlyFor !== user.id))
    throw new Error(`${user.name} sees no message ${id}`);
  const channel = placeOf(context, user, message.channel);
  return { message, channel };
}
