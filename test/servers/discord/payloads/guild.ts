import { INTENTS } from '../bits.ts';
import type { Json } from '../form.ts';
import {
  type Channel,
  type Guild,
  guildOf,
  guildPermissions,
  may,
  type Role,
  type User,
  type World,
} from '../world.ts';

/** A time as the API spells it. */
export const iso = (at: number) => new Date(at).toISOString();

/** resources/user: User. */
export function userPayload(user: User): Json {
  return {
    id: user.id,
    username: user.name,
    discriminator: '0',
    global_name: user.bot ? null : user.name,
    avatar: null,
    bot: user.bot,
    system: false,
    flags: 0,
    public_flags: 0,
  };
}

/** resources/guild: Guild Member. */
export function memberPayload(world: World, userId: string, withUser = true): Json {
  const member = world.members.get(userId);
  return {
    ...(withUser ? { user: userPayload(world.users.get(userId)!) } : {}),
    nick: null,
    avatar: null,
    roles: member?.roles ?? [],
    joined_at: iso(member?.joinedAt ?? 0),
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: member?.pending === true,
    communication_disabled_until: null,
  };
}

/** topics/permissions: Role. */
export function rolePayload(role: Role, position: number): Json {
  return {
    id: role.id,
    name: role.name,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position,
    permissions: String(role.permissions),
    managed: false,
    mentionable: role.mentionable,
    flags: 0,
  };
}

/** resources/channel: Channel Types. */
export const CHANNEL_TYPES = { text: 0, dm: 1, thread: 11 } as const;

/** resources/channel: Channel. */
export function channelPayload(world: World, channel: Channel): Json {
  const base = { id: channel.id, last_message_id: [...channel.messages.keys()].at(-1) ?? null, flags: 0 };
  if (channel.kind === 'dm')
    return {
      ...base,
      type: CHANNEL_TYPES.dm,
      recipients: [userPayload(world.users.get(channel.recipient!)!)],
    };
  const placed = {
    ...base,
    guild_id: guildOf(world, channel).id,
    name: channel.name,
    rate_limit_per_user: 0,
  };
  if (channel.kind === 'thread')
    return {
      ...placed,
      type: CHANNEL_TYPES.thread,
      parent_id: channel.parent,
      owner_id: channel.owner,
      message_count: channel.messages.size,
      total_message_sent: channel.everHeld,
      member_count: 1,
      thread_metadata: {
        archived: channel.archived,
        locked: channel.locked,
        auto_archive_duration: channel.archiveMinutes,
        archive_timestamp: iso(channel.archivedAt),
      },
    };
  return {
    ...placed,
    type: channel.type ?? CHANNEL_TYPES.text,
    position: 0,
    topic: null,
    nsfw: false,
    parent_id: null,
    permission_overwrites: channel.overwrites.map(({ id, type, allow, deny }) => ({
      id,
      type,
      allow: String(allow),
      deny: String(deny),
    })),
  };
}

/** events/gateway-events: Guild Create, with what the bot may see. */
export function guildPayload(world: World, guild = world.guild): Json {
  const visible = [...world.channels.values()].filter(
    (channel) =>
      channel.kind !== 'dm' &&
      guildOf(world, channel) === guild &&
      may(world, channel, world.bot.id, 'VIEW_CHANNEL'),
  );
  const of = (kind: Channel['kind']) => visible.filter((channel) => channel.kind === kind);
  return {
    id: guild.id,
    name: guild.name,
    owner_id: guild.ownerId,
    icon: null,
    features: [],
    afk_timeout: 300,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    premium_tier: 0,
    nsfw_level: 0,
    preferred_locale: 'en-US',
    system_channel_flags: 0,
    emojis: [],
    stickers: [],
    roles: rolesOf(world, guild).map(rolePayload),
    joined_at: iso(world.members.get(world.bot.id)?.joinedAt ?? 0),
    large: false,
    unavailable: false,
    member_count: world.members.size,
    members: [memberPayload(world, world.bot.id)],
    channels: of('text').map((channel) => channelPayload(world, channel)),
    threads: of('thread')
      .filter(({ archived }) => !archived)
      .map((thread) => channelPayload(world, thread)),
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** The role of everybody has its guild's id. */
export function rolesOf(world: World, guild: Guild): Role[] {
  return [...world.roles.values()].map((role) =>
    role.id === world.guild.id ? { ...role, id: guild.id } : role,
  );
}

/** A member as interactions carry it: with their permissions in the channel. */
export function interactionMember(world: World, userId: string, bits: bigint): Json {
  return { ...memberPayload(world, userId), permissions: String(bits || guildPermissions(world, userId)) };
}

/** gateway-events: Guild Members Chunk for a Request Guild Members; all members only with the GuildMembers intent. */
export function memberChunk(world: World, query: Json, intents: number): Json {
  const asked = query.user_ids === undefined ? undefined : [query.user_ids].flat().map(String);
  const everybody = asked === undefined && query.query === '' && (intents & INTENTS.GUILD_MEMBERS) !== 0;
  const named = (id: string) =>
    typeof query.query === 'string' &&
    query.query !== '' &&
    world.users.get(id)!.name.startsWith(query.query);
  const found = [...world.members.keys()].filter((id) => asked?.includes(id) ?? (everybody || named(id)));
  return {
    guild_id: query.guild_id,
    members: found.map((id) => memberPayload(world, id)),
    not_found: asked?.filter((id) => !world.members.has(id)) ?? [],
    chunk_index: 0,
    chunk_count: 1,
    ...(query.nonce === undefined ? {} : { nonce: query.nonce }),
  };
}
