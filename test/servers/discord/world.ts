import { ALL_PERMISSIONS, PERMISSIONS } from './bits.ts';
import type { Clock } from './clock.ts';
import { refuse } from './errors.ts';
import type { Json } from './form.ts';

export interface User {
  id: string;
  name: string;
  bot: boolean;
  /** "Allow direct messages from server members" is off. */
  refusesDms: boolean;
}

export interface Role {
  id: string;
  name: string;
  permissions: bigint;
  mentionable: boolean;
}

export interface Overwrite {
  id: string;
  type: 0 | 1;
  allow: bigint;
  deny: bigint;
}

export interface Channel {
  id: string;
  kind: 'text' | 'dm' | 'thread';
  name: string;
  /** Of a channel of another guild than the first. */
  guild?: string;
  /** Of a channel of a guild: its type in resources/channel, where it is no text channel. */
  type?: number;
  overwrites: Overwrite[];
  messages: Map<string, StoredMessage>;
  /** Of a direct message: whom the bot speaks with. */
  recipient?: string;
  /** Of a thread. */
  parent?: string;
  owner?: string;
  archived: boolean;
  locked: boolean;
  archiveMinutes: number;
  archivedAt: number;
  everHeld: number;
  /** Nonces of the bot's messages, those deleted since too. */
  nonces: { nonce: string; message: string; at: number }[];
}

export interface Attachment {
  id: string;
  filename: string;
  size: number;
  contentType: string;
  description?: string;
  spoiler: boolean;
  bytes: Uint8Array;
}

export interface Notified {
  everyone: boolean;
  here: boolean;
  users: string[];
  roles: string[];
}

export interface StoredMessage {
  id: string;
  channel: string;
  author: string;
  content: string;
  embeds: Json[];
  components: Json[];
  attachments: Attachment[];
  flags: number;
  nonce: string | number | null;
  at: number;
  editedAt: number | null;
  /** Who was pinged by the last send or edit, as its allowed_mentions let it. */
  notified: Notified;
  reactions: Map<string, string[]>;
  replyTo: string | null;
  /** Only this user sees it (ephemeral). */
  onlyFor: string | null;
  interaction: { id: string; type: number; user: string } | null;
  edits: number;
}

export interface Guild {
  id: string;
  name: string;
  ownerId: string;
}

/** The same people and roles are in all guilds. */
export interface World {
  clock: Clock;
  /** The first one. */
  guild: Guild;
  /** All, by id. */
  guilds: Map<string, Guild>;
  /** The bot's user, whose id is the application's as well. */
  bot: User;
  users: Map<string, User>;
  /** `pending`: the server's rules are not accepted yet. */
  members: Map<string, { roles: string[]; joinedAt: number; pending?: boolean }>;
  roles: Map<string, Role>;
  channels: Map<string, Channel>;
  newId(): string;
}

/** Discord's epoch: the first second of 2015 (reference: Snowflakes). */
const EPOCH = 1_420_070_400_000;

/** Ids that grow with the clock and never repeat, also within a millisecond. */
export function createSnowflakes(clock: Clock): () => string {
  let last = 0n;
  return () => {
    const fromTime = BigInt(clock.now() - EPOCH) << 22n;
    last = fromTime > last ? fromTime : last + 1n;
    return String(last);
  };
}

export function newChannel(
  id: string,
  kind: Channel['kind'],
  name: string,
  more: Partial<Channel> = {},
): Channel {
  return {
    id,
    kind,
    name,
    overwrites: [],
    messages: new Map(),
    archived: false,
    locked: false,
    archiveMinutes: 1440,
    archivedAt: 0,
    everHeld: 0,
    nonces: [],
    ...more,
  };
}

/** The guild that a channel is in, or a thread's channel. */
export function guildOf(world: World, channel: Channel): Guild {
  const place = channel.parent ? world.channels.get(channel.parent) : channel;
  return world.guilds.get(place?.guild ?? world.guild.id)!;
}

/** What a user may do in a channel: topics/permissions, "Permission Overwrites"; nothing for who is no member. */
export function permissionsIn(world: World, channel: Channel, userId: string): bigint {
  if (channel.kind === 'dm') return ALL_PERMISSIONS & ~PERMISSIONS.MANAGE_THREADS;
  const base = guildPermissions(world, userId);
  if (base === ALL_PERMISSIONS) return base;
  const member = world.members.get(userId);
  const place = channel.parent ? world.channels.get(channel.parent) : channel;
  if (!member || !place) return 0n;
  const of = (match: (overwrite: Overwrite) => boolean) =>
    place.overwrites
      .filter(match)
      .reduce((sum, { allow, deny }) => ({ allow: sum.allow | allow, deny: sum.deny | deny }), {
        allow: 0n,
        deny: 0n,
      });
  const layers = [
    of(({ id }) => id === world.guild.id),
    of(({ id, type }) => type === 0 && member.roles.includes(id)),
    of(({ id, type }) => type === 1 && id === userId),
  ];
  const bits = layers.reduce((sum, { allow, deny }) => (sum & ~deny) | allow, base);
  return bits & PERMISSIONS.VIEW_CHANNEL ? bits : 0n;
}

/** What a user's roles allow before any channel's overwrites. */
export function guildPermissions(world: World, userId: string): bigint {
  const member = world.members.get(userId);
  if (!member) return 0n;
  const bits = [world.guild.id, ...member.roles].reduce(
    (sum, id) => sum | (world.roles.get(id)?.permissions ?? 0n),
    0n,
  );
  return bits & PERMISSIONS.ADMINISTRATOR || world.guild.ownerId === userId ? ALL_PERMISSIONS : bits;
}

export function may(
  world: World,
  channel: Channel,
  userId: string,
  permission: keyof typeof PERMISSIONS,
): boolean {
  return (permissionsIn(world, channel, userId) & PERMISSIONS[permission]) !== 0n;
}

/** The channel as the bot sees it: 10003 when there is none, 50001 when it may not look. */
export function channelForBot(world: World, id: string): Channel {
  const channel = world.channels.get(id);
  if (!channel) throw refuse(10003);
  if (!may(world, channel, world.bot.id, 'VIEW_CHANNEL')) throw refuse(50001);
  return channel;
}

/** A message by id, wherever it is; undefined when it was deleted. */
export function findMessage(world: World, id: string): StoredMessage | undefined {
  for (const channel of world.channels.values()) {
    const message = channel.messages.get(id);
    if (message) return message;
  }
  return undefined;
}
