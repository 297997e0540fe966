import { type Client, Events, GatewayIntentBits, Partials, Status } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connect, request, textChannel } from './client.ts';
import type { Json } from './form.ts';
import { type DiscordServer, type DiscordServerOptions, startDiscordServer } from './index.ts';

let server: DiscordServer;
const clients: Client[] = [];
const { Guilds, GuildMessages, GuildMessageReactions, MessageContent } = GatewayIntentBits;

const start = async (options?: DiscordServerOptions) => {
  server = await startDiscordServer({ strict: false, ...options });
};
const client = async (...intents: number[]) => {
  const made = await connect(server, {
    intents: [Guilds, ...intents],
    partials: [Partials.Message, Partials.Channel, Partials.Reaction],
  });
  clients.push(made);
  return made;
};
/** The texts of messages as a client hears them. */
const hearing = (of: Client) => {
  const heard: string[] = [];
  of.on(Events.MessageCreate, (message) => void heard.push(message.content));
  return heard;
};

beforeEach(() => start());
afterEach(async () => {
  for (const one of clients.splice(0)) await one.destroy();
  await server.stop();
});

describe('signing in', () => {
  it('gives the guild, its channels, open threads, roles and the bot itself', async () => {
    const first = await client();
    await (await textChannel(first, server).send('card')).startThread({ name: 'job 7' });
    const guild = (await client()).guilds.cache.get(server.guildId)!;
    expect([...guild.channels.cache.values()].map(({ name }) => name).sort()).toEqual(['job 7', 'training']);
    expect(guild.members.me?.id).toBe(server.applicationId);
    expect(guild.roles.cache.map(({ name }) => name)).toContain('admins');
  });

  it('leaves members to be asked for, by id without a privileged intent', async () => {
    const guild = (await client()).guilds.cache.get(server.guildId)!;
    const { member, stranger } = server.users;
    const found = await guild.members.fetch({ user: [member.id, stranger.id] });
    expect([...found.keys()]).toEqual([member.id]);
    expect((await guild.members.fetch(server.users.admin.id)).permissions.has('Administrator')).toBe(true);
  });

  it('is refused with a wrong token, over REST and gateway', async () => {
    server.revokeToken();
    await expect(connect(server)).rejects.toThrow(/invalid token/i);
    expect(await closeCode({ op: 2, d: { token: 'wrong', intents: 1, properties: {} } })).toBe(4004);
  });

  it('is refused with an intent that was not approved', async () => {
    await expect(connect(server, { intents: [Guilds, MessageContent] })).rejects.toThrow(
      /disallowed intents/i,
    );
  });

  it('is refused for frames out of order', async () => {
    expect(await closeCode({ op: 3, d: {} })).toBe(4003);
    expect(await closeCode('nonsense')).toBe(4002);
    expect(await closeCode({ op: 2, d: { token: server.token, intents: 1 << 30, properties: {} } })).toBe(
      4013,
    );
  });

  it('ends in life when the token is revoked', async () => {
    const bot = await client();
    const ended = new Promise<number>((resolve) =>
      bot.on(Events.ShardDisconnect, ({ code }) => resolve(code)),
    );
    server.revokeToken();
    expect(await ended).toBe(4004);
    expect((await request(server, 'GET', '/users/@me')).status).toBe(401);
    expect(server.invalidRequests()).toBe(1);
  });
});

describe('events', () => {
  it('come only with their intents', async () => {
    const [deaf, hears] = [await client(), await client(GuildMessages)];
    const [nothing, heard] = [hearing(deaf), hearing(hears)];
    server.say(server.users.member, server.channelId, 'hi');
    await server.eventually('the message', () => heard.length > 0);
    expect(nothing).toEqual([]);
  });

  it('hide what people write without MessageContent, except where the bot is mentioned', async () => {
    const heard = hearing(await client(GuildMessages));
    server.say(server.users.member, server.channelId, 'private matters');
    server.say(server.users.member, server.channelId, `<@${server.applicationId}> note this`);
    await server.eventually('both', () => heard.length === 2);
    expect(heard).toEqual(['', `<@${server.applicationId}> note this`]);
  });

  it('carry what people write with MessageContent', async () => {
    await server.stop();
    await start({ approvedIntents: ['MessageContent'] });
    const heard = hearing(await client(GuildMessages, MessageContent));
    server.say(server.users.member, server.channelId, 'open matters');
    await server.eventually('the message', () => heard.length > 0);
    expect(heard).toEqual(['open matters']);
  });

  it('tell of reactions, and of their end', async () => {
    const bot = await client(GuildMessageReactions);
    const heard: string[] = [];
    bot.on(
      Events.MessageReactionAdd,
      (reaction, user) => void heard.push(`+${reaction.emoji.name} ${user.id}`),
    );
    bot.on(
      Events.MessageReactionRemove,
      (reaction, user) => void heard.push(`-${reaction.emoji.name} ${user.id}`),
    );
    const { id } = server.say(server.users.member, server.channelId, 'hi');
    server.react(server.users.admin, id, '📝');
    server.unreact(server.users.admin, id, '📝');
    await server.eventually('both', () => heard.length === 2);
    expect(heard).toEqual([`+📝 ${server.users.admin.id}`, `-📝 ${server.users.admin.id}`]);
  });

  it('tell of deleted messages, channels and threads', async () => {
    const bot = await client(GuildMessages);
    const heard: string[] = [];
    bot.on(Events.MessageDelete, () => void heard.push('message'));
    bot.on(Events.ThreadDelete, () => void heard.push('thread'));
    bot.on(Events.ThreadUpdate, (_, thread) => void heard.push(`archived ${thread.archived}`));
    bot.on(Events.ChannelDelete, () => void heard.push('channel'));
    const sent = await textChannel(bot, server).send('card');
    await sent.startThread({ name: 'x' });
    server.archiveThread(sent.id);
    server.deleteMessage(server.users.admin, sent.id);
    server.deleteChannel(server.channelId);
    await server.eventually('all', () => heard.length === 4);
    expect(heard).toEqual(['archived true', 'message', 'thread', 'channel']);
  });
});

describe('a lost connection', () => {
  it('is resumed, with all that was missed, once', async () => {
    const bot = await client(GuildMessages);
    const heard = hearing(bot);
    server.gateway.close(1006);
    for (const text of ['<@1> a', 'b'])
      server.say(server.users.member, server.channelId, `<@${server.applicationId}> ${text}`);
    await server.eventually('both', () => heard.length === 2);
    expect(server.gateway.resumes()).toBe(1);
    expect(server.gateway.identifies()).toBe(1);
  });

  it('is resumed when the gateway asks to reconnect', async () => {
    await client();
    server.gateway.reconnect();
    await server.eventually('the resume', () => server.gateway.resumes() === 1);
    expect(server.gateway.identifies()).toBe(1);
  });

  it('begins anew when the session is forgotten, and what was missed is lost', async () => {
    const heard = hearing(await client(GuildMessages));
    server.gateway.mood.down = true;
    server.gateway.close(1006);
    server.say(server.users.member, server.channelId, `<@${server.applicationId}> lost`);
    server.gateway.forgetSessions();
    server.gateway.mood.down = false;
    await server.eventually('a new session', () => server.gateway.identifies() === 2, 30_000);
    server.say(server.users.member, server.channelId, `<@${server.applicationId}> heard`);
    await server.eventually('the next', () => heard.length > 0);
    expect(heard).toEqual([`<@${server.applicationId}> heard`]);
  });

  it('shows by heartbeats that nobody acknowledges, and discord.js resumes', async () => {
    await server.stop();
    await start({ heartbeatMs: 150 });
    await client();
    server.gateway.mood.zombie = true;
    await server.eventually('the resume', () => server.gateway.resumes() > 0);
    server.gateway.mood.zombie = false;
    expect(server.gateway.identifies()).toBe(1);
  });

  it('may be a silent one: events wait for the resume', async () => {
    await server.stop();
    await start({ heartbeatMs: 150 });
    const heard = hearing(await client(GuildMessages));
    server.gateway.mood.silent = true;
    server.say(server.users.member, server.channelId, `<@${server.applicationId}> waiting`);
    expect(heard).toEqual([]);
    server.gateway.mood.silent = false;
    server.gateway.close(4000);
    await server.eventually('the message', () => heard.length === 1);
  });

  it('comes back after an outage of REST and gateway', async () => {
    const bot = await client();
    server.down();
    await expect(request(server, 'GET', '/users/@me')).rejects.toThrow();
    server.up();
    await server.eventually(
      'the connection',
      () => bot.ws.status === Status.Ready && server.gateway.connections() === 1,
      30_000,
    );
    expect((await request(server, 'GET', '/users/@me')).status).toBe(200);
  });
});

/** The code with which the gateway closes a socket that says this after hello. */
function closeCode(frame: Json | string): Promise<number> {
  const socket = new WebSocket(`${server.api.replace('http', 'ws').replace('/api', '')}/?v=10&encoding=json`);
  socket.once('message', () => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)));
  return new Promise((resolve) => socket.once('close', resolve));
}
