import { type Client, Events, type Interaction } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODALS } from '../../validators/discord/modal-rules.ts';
import { many, type Rule, x } from '../../validators/rule.ts';
import { connect, request, wrong } from './client.ts';
import { type DiscordServer, startDiscordServer } from './index.ts';

let server: DiscordServer;
let client: Client<true>;

beforeAll(async () => {
  server = await startDiscordServer({ strict: false });
  client = await connect(server);
  const options = [{ name: 'job', description: 'd', type: 3, autocomplete: true }];
  await client.application.commands.set(
    [{ name: 'xax', description: 'd', options }] as never,
    server.guildId,
  );
});
afterAll(async () => {
  await client.destroy();
  await server.stop();
});

/** Lets a person act, and answers the interaction with this. */
async function answer(act: () => Promise<unknown>, body: object) {
  const heard = new Promise<Interaction>((resolve) => client.once(Events.InteractionCreate, resolve));
  const acted = act();
  const { id, token } = await heard;
  const sent = await request(server, 'POST', `/interactions/${id}/${token}/callback`, body);
  // What was refused is closed with something that is not, so that nobody waits three seconds.
  if (sent.status >= 400) server.advance(3_001);
  await acted;
  return { ...sent, id, token };
}
const slash = () => server.slash(server.users.member, server.channelId, 'xax');
const typing = () => server.autocomplete(server.users.member, server.channelId, 'xax', {}, 'job');

const label = (component: object) => ({ type: 18, label: 'L', component });
const radio = (count: number) => ({
  type: 21,
  custom_id: 'r',
  options: many(count, (n) => ({ label: `o${n}`, value: `o${n}` })),
});
const modal = (...components: object[]) => ({ custom_id: 'm', title: 'T', components });

describe('a modal takes', () => {
  const input = (value: string) => label({ type: 4, custom_id: 'i', style: 1, max_length: 3, value });
  const ALSO: Rule[] = [
    [
      'values within max_length',
      modal(input('abc')),
      modal(input('abcd')),
      'data.components.0.component.value',
    ],
    [
      'radio groups of 2 to 10',
      modal(label(radio(2))),
      modal(label(radio(1))),
      'data.components.0.component.options',
    ],
  ];

  it.each([...MODALS, ...ALSO])('%s, and nothing else', async (_, good, bad, path) => {
    expect(wrong(await answer(slash, { type: 9, data: good }))).toEqual([]);
    expect(wrong(await answer(slash, { type: 9, data: bad }))).toContain(path.replace('.(whole)', ''));
  });
});

describe('autocompletion takes', () => {
  const choices = (count: number, length = 1) => ({
    choices: many(count, (n) => ({ name: x(length), value: `v${n}` })),
  });

  it.each([
    ['25 choices', choices(25), choices(26), 'data.choices'],
    ['names of 100', choices(1, 100), choices(1, 101), 'data.choices.0.name'],
    [
      'values of 100',
      { choices: [{ name: 'n', value: x(100) }] },
      { choices: [{ name: 'n', value: x(101) }] },
      'data.choices.0.value',
    ],
  ])('%s, and no more', async (_, good, bad, path) => {
    expect(wrong(await answer(typing, { type: 8, data: good }))).toEqual([]);
    expect(wrong(await answer(typing, { type: 8, data: bad }))).toContain(path);
  });
});

describe('a reply', () => {
  it('is told back when it was asked for with_response', async () => {
    const heard = new Promise<Interaction>((resolve) => client.once(Events.InteractionCreate, resolve));
    const acted = slash();
    const { id, token } = await heard;
    const path = `/interactions/${id}/${token}/callback?with_response=true`;
    const { body } = await request(server, 'POST', path, { type: 4, data: { content: 'x', flags: 64 } });
    const observed = await acted;
    expect(body).toMatchObject({
      interaction: { id, response_message_id: observed.message()?.id, response_message_ephemeral: true },
      resource: { type: 4, message: { content: 'x' } },
    });
  });

  it('mentions users only, by default', async () => {
    await answer(slash, { type: 4, data: { content: `@everyone <@${server.users.admin.id}>` } });
    const { notified } = server.messages(server.channelId).at(-1)!.seen;
    expect(notified).toMatchObject({ everyone: false, users: [server.users.admin.id] });
  });

  it('cannot update a message when a command was given', async () => {
    expect(wrong(await answer(slash, { type: 7, data: { content: 'x' } }))).toEqual(['type']);
  });

  it('is deferred without components V2, which the edit switches on', async () => {
    expect(wrong(await answer(slash, { type: 5, data: { flags: 1 << 15 } }))).toEqual(['data.flags']);
    const { token } = await answer(slash, { type: 5, data: {} });
    const path = `/webhooks/${server.applicationId}/${token}/messages/@original`;
    const edit = await request(server, 'PATCH', path, {
      flags: 1 << 15,
      components: [{ type: 10, content: 'V2' }],
    });
    expect(edit.status).toBe(200);
    expect(server.messages(server.channelId).at(-1)).toMatchObject({ loading: false, seen: { text: 'V2' } });
  });

  it('stays private when a followup fills a private deferral', async () => {
    const { token } = await answer(slash, { type: 5, data: { flags: 64 } });
    await request(server, 'POST', `/webhooks/${server.applicationId}/${token}`, { content: 'mine' });
    expect(server.ephemerals(server.users.member).at(-1)).toMatchObject({ content: 'mine', loading: false });
  });

  it('is read, and taken back', async () => {
    const { token } = await answer(slash, { type: 4, data: { content: 'x' } });
    const path = `/webhooks/${server.applicationId}/${token}/messages/@original`;
    expect((await request(server, 'GET', path)).body.content).toBe('x');
    expect((await request(server, 'DELETE', path)).status).toBe(204);
    expect((await request(server, 'GET', path)).body.code).toBe(10008);
  });

  it('of an interaction that nobody opened is refused', async () => {
    const { body } = await request(server, 'POST', '/interactions/1/nothing/callback', {
      type: 4,
      data: { content: 'x' },
    });
    expect(body.code).toBe(10062);
    expect(
      (await request(server, 'POST', `/webhooks/${server.applicationId}/nothing`, { content: 'x' })).body
        .code,
    ).toBe(10015);
  });
});

describe('people', () => {
  it('are offered a command only with the permissions it asks for', async () => {
    await client.application.commands.set([
      { name: 'kill', description: 'd', defaultMemberPermissions: '0' },
    ]);
    const { admin, member } = server.users;
    expect(() => server.slash(member, server.channelId, 'kill')).toThrow(/not shown/);
    const { status } = await answer(() => server.slash(admin, server.channelId, 'kill'), {
      type: 4,
      data: { content: 'x' },
    });
    expect(status).toBe(204);
  });

  it('use global commands in direct messages, and guild commands in the guild only', async () => {
    const { member } = server.users;
    expect(() => server.slash(member, 'dm', 'xax')).toThrow(/No command/);
    await answer(() => server.slash(member, 'dm', 'kill'), { type: 4, data: { content: 'in private' } });
    expect(server.directMessages(member).at(-1)?.content).toBe('in private');
  });

  it('select among what is offered', async () => {
    const menu = {
      type: 3,
      custom_id: 's',
      options: [
        { label: 'A', value: 'a' },
        { label: 'B', value: 'b' },
      ],
    };
    const components = [{ type: 1, components: [menu] }];
    const { body } = await request(server, 'POST', `/channels/${server.channelId}/messages`, {
      content: 'x',
      components,
    });
    const select = (...values: string[]) => server.select(server.users.member, String(body.id), 's', values);
    expect(() => select('c')).toThrow(/does not offer/);
    expect(() => select('a', 'b')).toThrow(/does not take 2/);
    await answer(() => select('b'), { type: 7, data: { content: 'b', components: [] } });
    expect(server.message(String(body.id))?.content).toBe('b');
  });

  it('give no commands in an archived thread', async () => {
    const { body } = await request(server, 'POST', `/channels/${server.channelId}/messages`, {
      content: 'card',
    });
    await request(server, 'POST', `/channels/${server.channelId}/messages/${body.id}/threads`, {
      name: 'job 7',
    });
    server.archiveThread(String(body.id));
    expect(() => server.slash(server.users.member, String(body.id), 'xax')).toThrow(/archived/);
  });
});
