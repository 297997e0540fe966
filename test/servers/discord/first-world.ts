import { bitsOf, type PermissionName } from './bits.ts';
import type { Clock } from './clock.ts';
import { createSnowflakes, newChannel, type User, type World } from './world.ts';

/** What everybody may in a new guild, as far as this server knows the permissions. */
const EVERYONE: readonly PermissionName[] = [
  'VIEW_CHANNEL',
  'SEND_MESSAGES',
  'EMBED_LINKS',
  'ATTACH_FILES',
  'READ_MESSAGE_HISTORY',
  'ADD_REACTIONS',
  'USE_APPLICATION_COMMANDS',
  'SEND_MESSAGES_IN_THREADS',
];

/** With mass mentions, so that a test sees what would have pinged everyone. */
const BOT: readonly PermissionName[] = [...EVERYONE, 'CREATE_PUBLIC_THREADS', 'MENTION_EVERYONE'];

interface FirstWorld {
  world: World;
  users: { admin: User; member: User; bot: User; stranger: User };
  channelId: string;
}

/** A guild with one channel, the bot and four users. */
export function createWorld(clock: Clock, botPermissions: readonly PermissionName[] = BOT): FirstWorld {
  const newId = createSnowflakes(clock);
  const user = (name: string, bot = false): User => ({ id: newId(), name, bot, refusesDms: false });
  const guildId = newId();
  const users = {
    admin: user('ada'),
    member: user('mel'),
    bot: user('otherbot', true),
    stranger: user('stan'),
  };
  const bot = user('xaxbot', true);
  const roles = {
    everyone: { id: guildId, name: '@everyone', permissions: 0n, mentionable: false },
    bot: { id: newId(), name: 'xaxbot', permissions: bitsOf(botPermissions), mentionable: false },
    people: { id: newId(), name: 'people', permissions: bitsOf(EVERYONE), mentionable: false },
    admins: { id: newId(), name: 'admins', permissions: bitsOf(['ADMINISTRATOR']), mentionable: false },
  };
  const channelId = newId();
  const joinedAt = clock.now();
  const member = (...of: { id: string }[]) => ({ roles: of.map(({ id }) => id), joinedAt });
  const guild = { id: guildId, name: 'Training', ownerId: users.admin.id };
  const world: World = {
    clock,
    newId,
    bot,
    guild,
    guilds: new Map([[guildId, guild]]),
    users: new Map([bot, ...Object.values(users)].map((one) => [one.id, one])),
    members: new Map([
      [bot.id, member(roles.bot)],
      [users.admin.id, member(roles.people, roles.admins)],
      [users.member.id, member(roles.people)],
      [users.bot.id, member(roles.people)],
    ]),
    roles: new Map(Object.values(roles).map((role) => [role.id, role])),
    channels: new Map([[channelId, newChannel(channelId, 'text', 'training')]]),
  };
  return { world, users, channelId };
}
