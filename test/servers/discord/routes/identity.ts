import { botSees } from '../announce.ts';
import type { Context } from '../context.ts';
import { refuse } from '../errors.ts';
import { channelPayload, guildPayload, memberPayload, rolePayload, userPayload } from '../payloads/guild.ts';
import type { Router } from '../router.ts';

/** Who the bot is, where it is, who is there. */
export function identityRoutes(api: Router, context: Context): void {
  const { world } = context;
  const inGuild = (id: string) => {
    if (id !== world.guild.id) throw refuse(10004);
    if (!world.members.has(world.bot.id)) throw refuse(50001);
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
    inGuild(c.req.param('guild'));
    return c.json(guildPayload(world));
  });
  api.get('/guilds/:guild/roles', (c) => {
    inGuild(c.req.param('guild'));
    return c.json([...world.roles.values()].map(rolePayload));
  });
  api.get('/guilds/:guild/channels', (c) => {
    inGuild(c.req.param('guild'));
    const texts = [...world.channels.values()].filter(
      (channel) => channel.kind === 'text' && botSees(context, channel),
    );
    return c.json(texts.map((channel) => channelPayload(world, channel)));
  });
  api.get('/guilds/:guild/threads/active', (c) => {
    inGuild(c.req.param('guild'));
    const threads = [...world.channels.values()].filter(
      (channel) => channel.kind === 'thread' && !channel.archived && botSees(context, channel),
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
    approximate_guild_count: world.members.has(world.bot.id) ? 1 : 0,
    install_params: { scopes: ['bot', 'applications.commands'], permissions: '0' },
  };
}
