import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { many, x } from '../../validators/rule.ts';
import { request, wrong } from './client.ts';
import { type DiscordServer, startDiscordServer } from './index.ts';

let server: DiscordServer;
beforeAll(async () => {
  server = await startDiscordServer({ strict: false });
});
afterAll(() => server.stop());

const send = (body: object) => request(server, 'POST', `/channels/${server.channelId}/messages`, body);
const button = (index = 0, more: object = {}) => ({
  type: 2,
  style: 2,
  label: 'Go',
  custom_id: `b${index}`,
  ...more,
});
const row = (...components: object[]) => ({ type: 1, components });
const rows = (...components: object[]) => ({ content: 'x', components: [row(...components)] });
const select = (more: object = {}) => ({
  type: 3,
  custom_id: 's',
  options: [{ label: 'a', value: 'a' }],
  ...more,
});
const v2 = (...components: object[]) => ({ flags: 1 << 15, components });
const display = (content: string) => ({ type: 10, content });

const MESSAGES: [string, object, object, string][] = [
  ['content of 2000', { content: x(2000) }, { content: x(2001) }, 'content'],
  [
    '10 embeds',
    { embeds: many(10, () => ({ title: 'x' })) },
    { embeds: many(11, () => ({ title: 'x' })) },
    'embeds',
  ],
  [
    'an embed title of 256',
    { embeds: [{ title: x(256) }] },
    { embeds: [{ title: x(257) }] },
    'embeds.0.title',
  ],
  [
    'a description of 4096',
    { embeds: [{ description: x(4096) }] },
    { embeds: [{ description: x(4097) }] },
    'embeds.0.description',
  ],
  ['25 fields', fields(25), fields(26), 'embeds.0.fields'],
  ['a field name of 256', field(x(256), 'v'), field(x(257), 'v'), 'embeds.0.fields.0.name'],
  ['a field value of 1024', field('n', x(1024)), field('n', x(1025)), 'embeds.0.fields.0.value'],
  [
    'a footer of 2048',
    { embeds: [{ footer: { text: x(2048) } }] },
    { embeds: [{ footer: { text: x(2049) } }] },
    'embeds.0.footer.text',
  ],
  [
    'an author of 256',
    { embeds: [{ author: { name: x(256) } }] },
    { embeds: [{ author: { name: x(257) } }] },
    'embeds.0.author.name',
  ],
  ['6000 over all embeds', spread(6000), spread(6001), 'embeds'],
  [
    '5 rows',
    { content: 'x', components: many(5, (n) => row(button(n))) },
    { content: 'x', components: many(6, (n) => row(button(n))) },
    'components',
  ],
  [
    '5 buttons in a row',
    rows(...many(5, (n) => button(n))),
    rows(...many(6, (n) => button(n))),
    'components.0.components',
  ],
  [
    'a label of 80',
    rows(button(0, { label: x(80) })),
    rows(button(0, { label: x(81) })),
    'components.0.components.0.label',
  ],
  [
    'a custom_id of 100',
    rows(button(0, { custom_id: x(100) })),
    rows(button(0, { custom_id: x(101) })),
    'components.0.components.0.custom_id',
  ],
  ['unique custom_ids', rows(button(0), button(1)), rows(button(0), button(0)), 'components'],
  ['one select in a row', rows(select()), rows(select(), button()), 'components.0'],
  [
    '25 options',
    rows(select({ options: options(25) })),
    rows(select({ options: options(26) })),
    'components.0.components.0.options',
  ],
  [
    'a placeholder of 150',
    rows(select({ placeholder: x(150) })),
    rows(select({ placeholder: x(151) })),
    'components.0.components.0.placeholder',
  ],
  [
    'a button with a label or an emoji',
    rows(button(0, { label: '', emoji: { name: '🔥' } })),
    rows(button(0, { label: '' })),
    'components.0.components.0',
  ],
  [
    '40 components, nested ones counted',
    v2({ type: 17, components: many(39, () => display('x')) }),
    v2({ type: 17, components: many(40, () => display('x')) }),
    'components',
  ],
  [
    '4000 characters of displays',
    v2(display(x(2000)), display(x(2000))),
    v2(display(x(2000)), display(x(2001))),
    'components',
  ],
  ['sections of 1 to 3 texts', v2(section(3)), v2(section(4)), 'components.0.components'],
  ['galleries of 1 to 10', v2(gallery(10)), v2(gallery(11)), 'components.0.items'],
  ['no content with components V2', v2(display('x')), { ...v2(display('x')), content: 'x' }, 'content'],
  [
    'displays only with the flag',
    v2(display('x')),
    { content: 'x', components: [display('x')] },
    'components.0.type',
  ],
  [
    'links to http',
    rows(link('https://a.example')),
    rows(link('javascript:alert(1)')),
    'components.0.components.0.url',
  ],
  [
    '100 ids of allowed mentions',
    { content: 'x', allowed_mentions: { users: many(100, String) } },
    { content: 'x', allowed_mentions: { users: many(101, String) } },
    'allowed_mentions.users',
  ],
  [
    'ids or a parse of one kind',
    { content: 'x', allowed_mentions: { parse: ['roles'], users: ['1'] } },
    { content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } },
    'allowed_mentions',
  ],
  ['flags that can be set', { content: 'x', flags: 4 }, { content: 'x', flags: 64 }, 'flags'],
];

function fields(count: number) {
  return { embeds: [{ fields: many(count, () => ({ name: 'n', value: 'v' })) }] };
}
function field(name: string, value: string) {
  return { embeds: [{ fields: [{ name, value }] }] };
}
function spread(total: number) {
  return { embeds: [{ description: x(3000) }, { description: x(total - 3000) }] };
}
function options(count: number) {
  return many(count, (n) => ({ label: `o${n}`, value: `o${n}` }));
}
function section(count: number) {
  return { type: 9, components: many(count, () => display('x')), accessory: button() };
}
function gallery(count: number) {
  return { type: 12, items: many(count, () => ({ media: { url: 'https://a.example/x.png' } })) };
}
function link(url: string) {
  return { type: 2, style: 5, label: 'Open', url };
}

describe('a message takes', () => {
  it.each(MESSAGES)('%s, and no more', async (_, good, bad, path) => {
    expect(wrong(await send(good))).toEqual([]);
    expect(wrong(await send(bad))).toContain(path);
  });

  it('a body of 25 MiB at most', async () => {
    expect((await send({ content: x(25 * 1024 * 1024) })).status).toBe(413);
  });
});
