import { botSees } from '../announce.ts';
import type { Context } from '../context.ts';
import { refuse } from '../errors.ts';
import {
  channelPayload,
  guildPayload,
  memberPayload,
  rolePayload,
  rolesOf,
  userPayload,
} from '../payloads/guild.ts';
import type { Router } from '../router.ts';
import { guildOf } from '../world.ts';

/** Who the bot is, where it is, who is there. */
export function identityRoutes(api: Router, context: Context): void {
  const { world } = context;
  const inGuild = (id: string) => {
    const guild = world.guilds.get(id);
    if (!guild) throw refuse(10004);
    if (!world.members.has(world.bot.id)) throw refuse(50001);
    return guild;
  };
  api.get('/gateway/bot', (c) =>
    c.json({
      url: context.origin().replace('http', 'ws'),
      shards: 1,
      session_start_limit: context.sessionStarts.limit(),
    }),
  );
  api.get('/users/@me', (c) => c.json(userPayload(world.bot)));
  api.get('/users/:user', (c) => {
    const user = world.users.get(c.req.param('user'));
    if (!user) throw refuse(10013);
    return c.json(userPayload(user));
  });
  api.get('/applications/@me', (c) => c.json(applicationPayload(context)));
  api.get('/oauth2/applications/@me', (c) => c.json(applicationPayload(context)));
  api.get('/guilds/:guild', (c) => {
    return c.json(guildPayload(world, inGuild(c.req.param('guild'))));
  });
  api.get('/guilds/:guild/roles', (c) => {
    return c.json(rolesOf(world, inGuild(c.req.param('guild'))).map(rolePayload));
  });
  api.get('/guilds/:guild/channels', (c) => {
    const guild = inGuild(c.req.param('guild'));
    const texts = [...world.channels.values()].filter(
      (channel) => channel.kind === 'text' && guildOf(world, channel) === guild && botSees(context, channel),
    );
    return c.json(texts.map((channel) => channelPayload(world, channel)));
  });
  api.get('/guilds/:guild/threads/active', (c) => {
    const guild = inGuild(c.req.param('guild'));
    const threads = [...world.channels.values()].filter(
      (channel) =>
        channel.kind === 'thread' &&
        guildOf(world, channel) === guild &&
        !channel.archived &&
        botSees(context, channel),
    );
    return c.json({ threads: threads.map((thread) => channelPayload(world, thread)), members: [] });
  });
  api.get('/guilds/:guild/members/:user', (c) => {
    inGuild(c.req.param('guild'));
    const id = c.req.param('user') === '@me' ? world.bot.id : c.req.param('user');
    if (!world.members.has(id)) throw refuse(world.users.has(id) ? 10007 : 10013);
    return c.json(memberPayload(world, id));
  });
  api.get('/guilds/:guild/members', (c) => {
    inGuild(c.req.param('guild'));
    if (!context.approved.has('GuildMembers')) throw refuse(50001);
    return c.json([...world.members.keys()].map((id) => memberPayload(world, id)));
  });
}

/** resources/application: flags tell which privileged intents are on, the limited kind (below 100 guilds). */
export function applicationPayload(context: Context) {
  const { world, approved } = context;
  const flags =
    (approved.has('GuildPresences') ? 1 << 13 : 0) |
    (approved.has('GuildMembers') ? 1 << 15 : 0) |
    (approved.has('MessageContent') ? 1 << 19 : 0);
  return {
    id: world.bot.id,
    name: world.bot.name,
    icon: null,
    description: '',
    bot_public: false,
    bot_require_code_grant: false,
    verify_key: '',
    flags,
    bot: userPayload(world.bot),
    owner: null,
    team: null,
    approximate_guild_count: world.members.has(world.bot.id) ? world.guilds.size : 0,
    install_params: { scopes: ['bot', 'applications.commands'], permissions: '0' },
  };
}
