import { type Client, Events, GatewayIntentBits, Partials } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connect } from './client.ts';
import { type DiscordServer, startDiscordServer } from './index.ts';

let server: DiscordServer;
let client: Client<true>;

beforeEach(async () => {
  server = await startDiscordServer({ strict: false });
  client = await connect(server);
});

afterEach(async () => {
  await client.destroy();
  await server.stop();
});

describe('direct messages', () => {
  it('are sent and read', async () => {
    const user = await client.users.fetch(server.users.member.id);
    await user.send('your job ended');
    expect(server.directMessages(server.users.member).map(({ content }) => content)).toEqual([
      'your job ended',
    ]);
  });

  it('do not reach who refuses them, nor who shares no server', async () => {
    server.refuseDms(server.users.member);
    for (const { id } of [server.users.member, server.users.stranger]) {
      const user = await client.users.fetch(id);
      expect(await codeOf(user.send('hello'))).toBe(50007);
    }
  });

  it('come with their text, whatever the intents say of content', async () => {
    const other = await connect(server, {
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.DirectMessages],
      partials: [Partials.Channel],
    });
    const heard: string[] = [];
    other.on(Events.MessageCreate, (message) => void heard.push(message.content));
    server.dm(server.users.member, 'hello bot');
    await server.eventually('the message', () => heard.length > 0);
    expect(heard).toEqual(['hello bot']);
    await other.destroy();
  });
});
