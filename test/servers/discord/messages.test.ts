import { AttachmentBuilder, type Client, EmbedBuilder, MessageFlags } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connect, request, textChannel } from './client.ts';
import { type DiscordServer, startDiscordServer } from './index.ts';

let server: DiscordServer;
let client: Client<true>;
const channel = () => textChannel(client, server);

beforeEach(async () => {
  server = await startDiscordServer({ strict: false });
  client = await connect(server);
});

afterEach(async () => {
  await client.destroy();
  await server.stop();
});

/** A PNG's header: enough to have a size. */
function png(width: number, height = 1): Buffer {
  const bytes = Buffer.alloc(40);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}
const file = (name: string, bytes = png(3)) => new AttachmentBuilder(bytes, { name });

describe('posting', () => {
  it('stores the message and answers with it', async () => {
    const sent = await channel().send('hello');
    expect(server.messages(server.channelId)).toMatchObject([{ id: sent.id, content: 'hello' }]);
  });

  it('returns the first message for a nonce that is enforced, until some minutes later', async () => {
    const send = () => channel().send({ content: 'once', nonce: 'key-1', enforceNonce: true });
    const first = await send();
    expect((await send()).id).toBe(first.id);
    expect(server.messages(server.channelId)).toHaveLength(1);
    server.advance(10 * 60_000);
    expect((await send()).id).not.toBe(first.id);
  });

  it('sends again for a nonce that is not enforced', async () => {
    await channel().send({ content: 'once', nonce: 'key-1' });
    await channel().send({ content: 'once', nonce: 'key-1' });
    expect(server.messages(server.channelId)).toHaveLength(2);
  });

  it('answers Unknown Message for the nonce of a deleted one', async () => {
    const send = () => channel().send({ content: 'once', nonce: 'key-1', enforceNonce: true });
    await (await send()).delete();
    expect(await codeOf(send())).toBe(10008);
  });

  it('refuses a nonce of more than 25 characters', async () => {
    expect(await codeOf(channel().send({ content: 'x', nonce: 'n'.repeat(26) }))).toBe(50035);
  });

  it('pages through history before, after and around a message', async () => {
    const ids: string[] = [];
    for (const text of ['a', 'b', 'c', 'd', 'e']) ids.push((await channel().send(text)).id);
    const read = async (options: object) =>
      [...(await channel().messages.fetch(options)).values()].map(({ content }) => content);
    expect(await read({ limit: 2 })).toEqual(['e', 'd']);
    expect(await read({ before: ids[2], limit: 10 })).toEqual(['b', 'a']);
    expect(await read({ after: ids[2], limit: 1 })).toEqual(['d']);
    expect(await read({ around: ids[2], limit: 3 })).toEqual(['d', 'c', 'b']);
  });

  it('replies to a message that is there, pinging its author', async () => {
    const said = server.say(server.users.member, server.channelId, 'how is it going?');
    const sent = await channel().send({ content: 'well', reply: { messageReference: said.id } });
    expect(server.seen(sent.id).notified.users).toEqual([server.users.member.id]);
    const missing = { content: 'x', reply: { messageReference: '1', failIfNotExists: true } };
    expect(await codeOf(channel().send(missing))).toBe(50035);
  });
});

describe('files', () => {
  it('are stored with their metadata and served at their URL', async () => {
    const sent = await channel().send({ files: [file('loss.png', png(640, 480))] });
    const shown = sent.attachments.first()!;
    expect(shown).toMatchObject({ name: 'loss.png', width: 640, height: 480, size: 40 });
    const answer = await fetch(shown.url);
    expect(Buffer.from(await answer.arrayBuffer()).equals(png(640, 480))).toBe(true);
  });

  it('of an embed are not listed beside it', async () => {
    const embed = new EmbedBuilder().setTitle('Loss').setImage('attachment://loss.png');
    const sent = await channel().send({ embeds: [embed], files: [file('loss.png')] });
    expect(sent.attachments.size).toBe(0);
    expect(sent.embeds[0]?.image?.url).toMatch(/^http:.*loss\.png$/);
  });

  it('are replaced in place by an edit that names only the new one', async () => {
    const embed = () => new EmbedBuilder().setTitle('Loss').setImage('attachment://loss.png');
    const sent = await channel().send({ embeds: [embed()], files: [file('loss.png', png(1))] });
    await sent.edit({ embeds: [embed()], files: [file('loss.png', png(2))], attachments: [] });
    const [only, ...rest] = server.message(sent.id)!.attachments;
    expect(rest).toEqual([]);
    expect(Buffer.from(only!.bytes).readUInt32BE(16)).toBe(2);
  });

  it('stay when an edit says nothing of them, and go when its list leaves them out', async () => {
    const sent = await channel().send({ content: 'x', files: [file('a.png'), file('b.png')] });
    await sent.edit({ content: 'y' });
    expect(server.seen(sent.id).files).toEqual(['a.png', 'b.png']);
    await sent.edit({ attachments: [sent.attachments.last()!] });
    expect(server.seen(sent.id).files).toEqual(['b.png']);
  });

  it('double when an embed is sent back with the URL it was shown with', async () => {
    const embed = new EmbedBuilder().setTitle('Loss').setImage('attachment://loss.png');
    const sent = await channel().send({ embeds: [embed], files: [file('loss.png')] });
    const edited = await sent.edit({ embeds: sent.embeds });
    expect(edited.attachments.size).toBe(1);
  });

  it('must be there when an embed names them', async () => {
    const embed = new EmbedBuilder().setTitle('Loss').setImage('attachment://gone.png');
    expect(await codeOf(channel().send({ embeds: [embed] }))).toBe(50035);
  });

  it('of components V2 are shown by a component, each of them', async () => {
    const flags = MessageFlags.IsComponentsV2 as const;
    const gallery = (name: string) => ({ type: 12, items: [{ media: { url: `attachment://${name}` } }] });
    const send = (components: object[]) =>
      channel().send({ flags, components: components as never, files: [file('loss.png')] });
    expect(await codeOf(send([{ type: 10, content: 'x' }]))).toBe(50035);
    expect(await codeOf(send([gallery('other.png')]))).toBe(50035);
    const sent = await send([gallery('loss.png'), { type: 13, file: { url: 'attachment://loss.png' } }]);
    expect(sent.components[0]?.toJSON()).toMatchObject({
      items: [{ media: { url: expect.stringMatching(/^http/) } }],
    });
    expect(sent.attachments.size).toBe(0);
  });

  it('are refused above the limit', async () => {
    expect(
      await codeOf(channel().send({ files: [file('big.bin', Buffer.alloc(10 * 1024 * 1024 + 1))] })),
    ).toBe(50045);
  });
});

describe('editing', () => {
  it("refuses other people's messages and deleted ones", async () => {
    const said = server.say(server.users.member, server.channelId, 'mine');
    expect(await codeOf(channel().messages.edit(said.id, 'yours'))).toBe(50005);
    const sent = await channel().send('x');
    server.deleteMessage(server.users.admin, sent.id);
    expect(await codeOf(sent.edit('y'))).toBe(10008);
  });

  it('of messages older than an hour is limited a channel', async () => {
    const sent = await channel().send('x');
    server.advance(60 * 60_000 + 1);
    const path = `/channels/${server.channelId}/messages/${sent.id}`;
    const edit = (content: string) => request(server, 'PATCH', path, { content });
    for (const content of ['a', 'b', 'c']) expect((await edit(content)).status).toBe(200);
    const refused = await edit('d');
    expect(refused).toMatchObject({ status: 429, body: { code: 30046, global: false } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    server.advance(6_001);
    expect((await edit('e')).status).toBe(200);
  });

  it('switches components V2 on once the old parts are emptied, never off', async () => {
    const sent = await channel().send('x');
    const components = [{ type: 10, content: 'text' }];
    const flags = MessageFlags.IsComponentsV2 as const;
    expect(await codeOf(sent.edit({ components, flags }))).toBe(50035);
    await sent.edit({ content: null, embeds: [], components, flags });
    const path = `/channels/${server.channelId}/messages/${sent.id}` as const;
    expect(await codeOf(client.rest.patch(path, { body: { flags: 0 } }))).toBe(50035);
    expect(await codeOf(sent.edit({ content: 'back' }))).toBe(50035);
  });

  it('does not leave a message empty', async () => {
    const sent = await channel().send('x');
    expect(await codeOf(sent.edit({ content: '' }))).toBe(50006);
    expect(await codeOf(channel().send({ content: ' ' }))).toBe(50006);
  });
});

describe('threads', () => {
  it("have their message's id, once", async () => {
    const sent = await channel().send('card');
    const thread = await sent.startThread({ name: 'job 7' });
    expect(thread.id).toBe(sent.id);
    await thread.send('started');
    expect(server.thread(sent.id)?.messages.map(({ content }) => content)).toEqual(['started']);
    const path = `/channels/${server.channelId}/messages/${sent.id}/threads` as const;
    expect(await codeOf(client.rest.post(path, { body: { name: 'again' } }))).toBe(160004);
    expect(await codeOf(sent.startThread({ name: 'n'.repeat(101) }))).not.toBeUndefined();
  });

  it('are brought back by a post, unless they are locked', async () => {
    const thread = await (await channel().send('card')).startThread({ name: 'job 7' });
    server.archiveThread(thread.id);
    await thread.send('back');
    expect(server.thread(thread.id)?.archived).toBe(false);
    server.archiveThread(thread.id);
    server.lockThread(thread.id);
    expect(await codeOf(thread.send('no'))).toBe(160005);
    server.setBotPermissions(server.channelId, { allow: ['MANAGE_THREADS'] });
    await thread.send('yes');
  });

  it('refuse edits while archived, and take them once they are open', async () => {
    const thread = await (await channel().send('card')).startThread({ name: 'job 7' });
    const sent = await thread.send('x');
    server.archiveThread(thread.id);
    expect(await codeOf(sent.edit('y'))).toBe(50083);
    await thread.setArchived(false);
    await sent.edit('y');
    expect(server.message(sent.id)?.content).toBe('y');
  });

  it('go with their channel', async () => {
    const thread = await (await channel().send('card')).startThread({ name: 'job 7' });
    server.deleteChannel(server.channelId);
    expect(await codeOf(thread.send('x'))).toBe(10003);
    expect(await codeOf(client.rest.get(`/channels/${server.channelId}`))).toBe(10003);
  });

  it('are archived when nothing happens in them', async () => {
    const thread = await (await channel().send('card')).startThread({
      name: 'job 7',
      autoArchiveDuration: 60,
    });
    server.advance(50 * 60_000);
    await thread.send('still training');
    server.advance(50 * 60_000);
    expect(server.thread(thread.id)?.archived).toBe(false);
    server.advance(11 * 60_000);
    expect(server.thread(thread.id)?.archived).toBe(true);
  });

  it('keep the bot from locking without MANAGE_THREADS', async () => {
    const thread = await (await channel().send('card')).startThread({ name: 'job 7' });
    expect(await codeOf(thread.setLocked(true))).toBe(50013);
    await thread.setName('job 7, done');
    expect(server.thread(thread.id)?.name).toBe('job 7, done');
  });
});

describe('permissions', () => {
  const denied = (permission: Parameters<DiscordServer['setEveryonePermissions']>[1]['deny']) =>
    server.setBotPermissions(server.channelId, { deny: permission });

  it('to see the channel: 50001 without', async () => {
    denied(['VIEW_CHANNEL']);
    expect(
      await codeOf(client.rest.post(`/channels/${server.channelId}/messages`, { body: { content: 'x' } })),
    ).toBe(50001);
  });

  it('to write, embed, attach and start threads: 50013 without', async () => {
    const sent = await channel().send('card');
    const post = (body: object) => client.rest.post(`/channels/${server.channelId}/messages`, { body });
    denied(['EMBED_LINKS', 'ATTACH_FILES', 'CREATE_PUBLIC_THREADS']);
    expect(await codeOf(post({ embeds: [{ title: 'x' }] }))).toBe(50013);
    expect(await codeOf(channel().send({ files: [file('a.png')] }))).toBe(50013);
    expect(await codeOf(sent.startThread({ name: 'x' }))).toBe(50013);
    await post({ content: 'plain' });
    denied(['SEND_MESSAGES']);
    expect(await codeOf(post({ content: 'x' }))).toBe(50013);
  });

  it('to write in threads are their own', async () => {
    const thread = await (await channel().send('card')).startThread({ name: 'x' });
    denied(['SEND_MESSAGES']);
    await thread.send('still');
    denied(['SEND_MESSAGES_IN_THREADS']);
    expect(await codeOf(thread.send('no'))).toBe(50013);
  });

  it('to read history', async () => {
    const sent = await channel().send('x');
    denied(['READ_MESSAGE_HISTORY']);
    expect(await codeOf(client.rest.get(`/channels/${server.channelId}/messages/${sent.id}`))).toBe(50001);
    expect(await client.rest.get(`/channels/${server.channelId}/messages`)).toEqual([]);
  });

  it('end when the bot is kicked, and it hears of it', async () => {
    const gone = new Promise((resolve) => client.once('guildDelete', resolve));
    server.kickBot();
    await gone;
    expect(await codeOf(client.rest.get(`/channels/${server.channelId}`))).toBe(50001);
  });
});
