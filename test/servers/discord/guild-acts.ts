import { announceChannel } from './announce.ts';
import { bitsOf, INTENTS, type PermissionName } from './bits.ts';
import type { Context } from './context.ts';
import { guildPayload, rolePayload } from './payloads/guild.ts';
import { removeChannel, setThread } from './threads.ts';
import { type Channel, newChannel, type Overwrite, type User } from './world.ts';

/** What the guild's owner, or Discord itself, does to people, roles and places. */
export interface GuildActs {
  addUser(
    name: string,
    more?: {
      roles?: string[];
      permissions?: PermissionName[];
      member?: boolean;
      bot?: boolean;
      refusesDms?: boolean;
    },
  ): User;
  addRole(name: string, permissions: readonly PermissionName[], more?: { mentionable?: boolean }): string;
  /** `type` of resources/channel, where it is no text channel (15: a forum). */
  addChannel(name: string, type?: number): string;
  /** The bot is invited to another guild, which has a text channel. */
  addGuild(name: string): { id: string; channelId: string };
  /** Sets the bot's overwrites in a channel: what is in neither list follows its role. */
  setBotPermissions(
    channelId: string,
    change: { allow?: readonly PermissionName[]; deny?: readonly PermissionName[] },
  ): void;
  /** Sets everybody's overwrites in a channel. */
  setEveryonePermissions(
    channelId: string,
    change: { allow?: readonly PermissionName[]; deny?: readonly PermissionName[] },
  ): void;
  /** The user no longer takes direct messages from server members. */
  refuseDms(user: User, refuses?: boolean): void;
  archiveThread(threadId: string, archived?: boolean): void;
  lockThread(threadId: string, locked?: boolean): void;
  deleteChannel(channelId: string): void;
  kickBot(): void;
  inviteBot(): void;
  removeMember(user: User): void;
  /** What a member is to the guild from now on: their roles besides that of people, and whether they have accepted its rules. */
  setMember(user: User, change: { roles?: readonly string[]; pending?: boolean }): void;
}

export function createGuildActs(context: Context): GuildActs {
  const { world, gateway } = context;
  const channelOf = (id: string): Channel => {
    const channel = world.channels.get(id);
    if (!channel) throw new Error(`There is no channel ${id}`);
    return channel;
  };
  const overwrite = (
    channelId: string,
    id: string,
    type: Overwrite['type'],
    change: { allow?: readonly PermissionName[]; deny?: readonly PermissionName[] },
  ) => {
    const channel = channelOf(channelId);
    const { allow = [], deny = [] } = change;
    channel.overwrites = [
      ...channel.overwrites.filter((one) => one.id !== id),
      { id, type, allow: bitsOf(allow), deny: bitsOf(deny) },
    ];
    announceChannel(context, 'CHANNEL_UPDATE', channel);
  };
  const acts: GuildActs = {
    addUser(name, { roles = [], permissions, member = true, bot = false, refusesDms = false } = {}) {
      const user: User = { id: world.newId(), name, bot, refusesDms };
      world.users.set(user.id, user);
      const people = [...world.roles.values()].find((role) => role.name === 'people')!;
      const own = permissions ? [acts.addRole(`${name}'s`, permissions)] : [people.id];
      if (member) world.members.set(user.id, { roles: [...own, ...roles], joinedAt: world.clock.now() });
      return user;
    },
    addRole(name, permissions, { mentionable = false } = {}) {
      const role = { id: world.newId(), name, permissions: bitsOf(permissions), mentionable };
      world.roles.set(role.id, role);
      gateway.emit('GUILD_ROLE_CREATE', INTENTS.GUILDS, () => ({
        guild_id: world.guild.id,
        role: rolePayload(role, 1),
      }));
      return role.id;
    },
    addChannel(name, type) {
      const more = type === undefined ? {} : { type };
      const channel = newChannel(world.newId(), 'text', name, more);
      world.channels.set(channel.id, channel);
      announceChannel(context, 'CHANNEL_CREATE', channel);
      return channel.id;
    },
    addGuild(name) {
      const guild = { id: world.newId(), name, ownerId: world.guild.ownerId };
      world.guilds.set(guild.id, guild);
      const channel = newChannel(world.newId(), 'text', name, { guild: guild.id });
      world.channels.set(channel.id, channel);
      gateway.emit('GUILD_CREATE', INTENTS.GUILDS, () => guildPayload(world, guild));
      return { id: guild.id, channelId: channel.id };
    },
    setBotPermissions: (channelId, change) => overwrite(channelId, world.bot.id, 1, change),
    setEveryonePermissions: (channelId, change) => overwrite(channelId, world.guild.id, 0, change),
    refuseDms(user, refuses = true) {
      user.refusesDms = refuses;
    },
    archiveThread: (threadId, archived = true) => setThread(context, channelOf(threadId), { archived }),
    lockThread: (threadId, locked = true) => setThread(context, channelOf(threadId), { locked }),
    deleteChannel: (channelId) => removeChannel(context, channelOf(channelId)),
    kickBot() {
      world.members.delete(world.bot.id);
      for (const id of world.guilds.keys()) gateway.emit('GUILD_DELETE', INTENTS.GUILDS, () => ({ id }));
    },
    inviteBot() {
      const role = [...world.roles.values()].find(({ name }) => name === world.bot.name)!;
      world.members.set(world.bot.id, { roles: [role.id], joinedAt: world.clock.now() });
      for (const guild of world.guilds.values())
        gateway.emit('GUILD_CREATE', INTENTS.GUILDS, () => guildPayload(world, guild));
    },
    removeMember(user) {
      world.members.delete(user.id);
    },
    setMember(user, { roles = [], pending = false }) {
      const people = [...world.roles.values()].find(({ name }) => name === 'people')!;
      const joinedAt = world.members.get(user.id)?.joinedAt ?? world.clock.now();
      world.members.set(user.id, { roles: [people.id, ...roles], joinedAt, pending });
    },
  };
  return acts;
}
