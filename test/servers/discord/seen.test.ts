import { type Client, MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, request, textChannel } from './client.ts';
import { type DiscordServer, startDiscordServer } from './index.ts';
import { markdown } from './markdown.ts';

let server: DiscordServer;
let client: Client<true>;
let role: string;

beforeAll(async () => {
  server = await startDiscordServer({ strict: false });
  client = await connect(server);
  role = server.addRole('oncall', [], { mentionable: true });
});
afterAll(async () => {
  await client.destroy();
  await server.stop();
});

const send = async (body: object) =>
  (await request(server, 'POST', `/channels/${server.channelId}/messages`, body)).body.id as string;
const hostile = () => `@everyone @here <@${server.users.member.id}> <@&${role}>`;
const NOBODY = { everyone: false, here: false, users: [], roles: [] };

describe('mentions', () => {
  it('ping everybody they name unless allowed_mentions says otherwise', async () => {
    const id = await send({ content: hostile() });
    expect(server.seen(id).notified).toEqual({
      everyone: true,
      here: true,
      users: [server.users.member.id],
      roles: [role],
    });
  });

  it('ping nobody with an empty allowed_mentions, though they are drawn', async () => {
    const id = await send({ content: hostile(), allowed_mentions: { parse: [] } });
    expect(server.seen(id).notified).toEqual(NOBODY);
    expect(server.seen(id).pills).toHaveLength(4);
  });

  it('ping again by an edit that does not say so again', async () => {
    const id = await send({ content: hostile(), allowed_mentions: { parse: [] } });
    await request(server, 'PATCH', `/channels/${server.channelId}/messages/${id}`, {
      content: `${hostile()}!`,
    });
    expect(server.seen(id).notified.everyone).toBe(true);
  });

  it('ping nobody when the client allows none', async () => {
    const quiet = await connect(server, { allowedMentions: { parse: [] } });
    const sent = await textChannel(quiet, server).send(hostile());
    await sent.edit(`${hostile()}!`);
    expect(server.seen(sent.id).notified).toEqual(NOBODY);
    await quiet.destroy();
  });

  it('in components V2 ping, in embeds do not', async () => {
    const display = await send({ flags: 1 << 15, components: [{ type: 10, content: hostile() }] });
    expect(server.seen(display).notified.everyone).toBe(true);
    const embed = await send({ embeds: [{ description: hostile() }] });
    expect(server.seen(embed)).toMatchObject({ notified: NOBODY, pills: { length: 4 } });
  });

  it('in code do not ping; behind a backslash they may', async () => {
    expect(server.seen(await send({ content: `\`${hostile()}\`` })).notified).toEqual(NOBODY);
    expect(server.seen(await send({ content: '\\@everyone' })).notified.everyone).toBe(true);
  });

  it('of everyone need the permission', async () => {
    const channel = server.addChannel('quiet');
    server.setBotPermissions(channel, { deny: ['MENTION_EVERYONE'] });
    const { body } = await request(server, 'POST', `/channels/${channel}/messages`, { content: hostile() });
    expect(server.seen(String(body.id)).notified).toMatchObject({ everyone: false, roles: [role] });
  });
});

describe('markdown', () => {
  it.each([
    ['**b**', 'bold', 'b'],
    ['*i*', 'italic', 'i'],
    ['_i_', 'italic', 'i'],
    ['__u__', 'underline', 'u'],
    ['~~s~~', 'strikethrough', 's'],
    ['||s||', 'spoiler', 's'],
    ['`c`', 'code', 'c'],
    ['```py\nx = 1\n```', 'code block', 'x = 1'],
    ['> quoted', 'blockquote', 'quoted'],
    ['a\n# big', 'heading', 'a\nbig'],
    ['-# small', 'subtext', 'small'],
    ['- one\n- two', 'list', '• one\n• two'],
    ['1. one', 'list', '• one'],
    ['<t:1700000000:R>', 'timestamp', '{1700000000:R}'],
    ['</xax show:123>', 'command', '/xax show'],
    ['<:fire:123>', 'emoji', ':fire:'],
    ['<#123>', 'mention', '#123'],
    ['[safe](https://evil.example)', 'masked link', 'safe'],
    ['https://a.example/x', 'link', 'https://a.example/x'],
  ])('%j shows %s', (source, formatting, text) => {
    expect(markdown(source)).toMatchObject({ formatting: new Set([formatting]), text });
  });

  it.each([
    'snake_case_name',
    '2 * 3 * 4',
    '\\*\\*not bold\\*\\*',
    'a # b',
    '@\u200beveryone',
    'lr=1e-3',
    '\\<@123\\>',
    '<@\u200b123>',
    'a - b',
  ])('%j is plain text', (source) => {
    expect([...markdown(source).formatting]).toEqual([]);
    expect(markdown(source).pills).toEqual([]);
  });

  it('sees what stands within other markup, and nothing within code', () => {
    expect([...markdown('**a *b* `*c*`**').formatting].sort()).toEqual(['bold', 'code', 'italic']);
    expect(markdown('`<@123> **x**`')).toMatchObject({ pills: [], text: '<@123> **x**' });
  });
});

describe('links', () => {
  it('are previewed unless suppressed or in angle brackets', async () => {
    const id = await send({ content: 'https://a.example <https://b.example>' });
    expect(server.seen(id).previews).toEqual(['https://a.example']);
    const sent = await textChannel(client, server).send({
      content: 'https://a.example',
      flags: MessageFlags.SuppressEmbeds,
    });
    expect(server.seen(sent.id)).toMatchObject({ previews: [], embedsSuppressed: true });
  });
});
