import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from './client.ts';
import type { Json } from './form.ts';
import { type DiscordServer, startDiscordServer } from './index.ts';

let server: DiscordServer;
beforeAll(async () => {
  server = await startDiscordServer({ strict: false });
});
afterAll(() => server.stop());

const send = (body: object) => request(server, 'POST', `/channels/${server.channelId}/messages`, body);
const register = (...commands: object[]) =>
  fetchList(`/applications/${server.applicationId}/guilds/${server.guildId}/commands`, commands);
const fetchList = (path: string, list: object[]) => request(server, 'PUT', path, list);

/** The paths of what was wrong, like `embeds.0.title`; [] when it was accepted. */
function wrong({ status, body }: { status: number; body: Json }): string[] {
  if (status < 300) return [];
  const paths: string[] = [];
  const walk = (node: Json, path: string[]) => {
    for (const [key, child] of Object.entries(node))
      if (key === '_errors') paths.push(path.join('.'));
      else walk(child as Json, [...path, key]);
  };
  walk((body.errors as Json | undefined) ?? { [`code ${body.code}`]: { _errors: [] } }, []);
  return paths;
}

const text = (length: number) => 'x'.repeat(length);
const list = <T>(length: number, make: (index: number) => T) =>
  Array.from({ length }, (_, index) => make(index));
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
  ['content of 2000', { content: text(2000) }, { content: text(2001) }, 'content'],
  [
    '10 embeds',
    { embeds: list(10, () => ({ title: 'x' })) },
    { embeds: list(11, () => ({ title: 'x' })) },
    'embeds',
  ],
  [
    'an embed title of 256',
    { embeds: [{ title: text(256) }] },
    { embeds: [{ title: text(257) }] },
    'embeds.0.title',
  ],
  [
    'a description of 4096',
    { embeds: [{ description: text(4096) }] },
    { embeds: [{ description: text(4097) }] },
    'embeds.0.description',
  ],
  ['25 fields', fields(25), fields(26), 'embeds.0.fields'],
  ['a field name of 256', field(text(256), 'v'), field(text(257), 'v'), 'embeds.0.fields.0.name'],
  ['a field value of 1024', field('n', text(1024)), field('n', text(1025)), 'embeds.0.fields.0.value'],
  [
    'a footer of 2048',
    { embeds: [{ footer: { text: text(2048) } }] },
    { embeds: [{ footer: { text: text(2049) } }] },
    'embeds.0.footer.text',
  ],
  [
    'an author of 256',
    { embeds: [{ author: { name: text(256) } }] },
    { embeds: [{ author: { name: text(257) } }] },
    'embeds.0.author.name',
  ],
  ['6000 over all embeds', spread(6000), spread(6001), 'embeds'],
  [
    '5 rows',
    { content: 'x', components: list(5, (n) => row(button(n))) },
    { content: 'x', components: list(6, (n) => row(button(n))) },
    'components',
  ],
  [
    '5 buttons in a row',
    rows(...list(5, (n) => button(n))),
    rows(...list(6, (n) => button(n))),
    'components.0.components',
  ],
  [
    'a label of 80',
    rows(button(0, { label: text(80) })),
    rows(button(0, { label: text(81) })),
    'components.0.components.0.label',
  ],
  [
    'a custom_id of 100',
    rows(button(0, { custom_id: text(100) })),
    rows(button(0, { custom_id: text(101) })),
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
    rows(select({ placeholder: text(150) })),
    rows(select({ placeholder: text(151) })),
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
    v2({ type: 17, components: list(39, () => display('x')) }),
    v2({ type: 17, components: list(40, () => display('x')) }),
    'components',
  ],
  [
    '4000 characters of displays',
    v2(display(text(2000)), display(text(2000))),
    v2(display(text(2000)), display(text(2001))),
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
    { content: 'x', allowed_mentions: { users: list(100, String) } },
    { content: 'x', allowed_mentions: { users: list(101, String) } },
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
  return { embeds: [{ fields: list(count, () => ({ name: 'n', value: 'v' })) }] };
}
function field(name: string, value: string) {
  return { embeds: [{ fields: [{ name, value }] }] };
}
function spread(total: number) {
  return { embeds: [{ description: text(3000) }, { description: text(total - 3000) }] };
}
function options(count: number) {
  return list(count, (n) => ({ label: `o${n}`, value: `o${n}` }));
}
function section(count: number) {
  return { type: 9, components: list(count, () => display('x')), accessory: button() };
}
function gallery(count: number) {
  return { type: 12, items: list(count, () => ({ media: { url: 'https://a.example/x.png' } })) };
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
    expect((await send({ content: text(25 * 1024 * 1024) })).status).toBe(413);
  });
});

const slash = (more: object) => ({ name: 'xax', description: 'd', ...more });
const option = (more: object = {}) => ({ name: 'job', description: 'd', type: 3, ...more });
const sub = (name: string, ...inner: object[]) => ({ name, description: 'd', type: 1, options: inner });
const group = (name: string, ...inner: object[]) => ({ name, description: 'd', type: 2, options: inner });
const choices = (count: number) => list(count, (n) => ({ name: `c${n}`, value: `c${n}` }));
const long = (total: number) =>
  slash({
    options: list(20, (n) =>
      option({ name: `o${n}`, choices: list(4, (k) => ({ name: `${k}${text(total)}`, value: `${k}` })) }),
    ),
  });

const COMMANDS: [string, object, object, string][] = [
  ['lower-case names of 32', slash({ name: text(32) }), slash({ name: text(33) }), '0.name'],
  ['lower case only', slash({ name: 'größe_1' }), slash({ name: 'Xax' }), '0.name'],
  ['names without spaces', slash({ name: 'a-b' }), slash({ name: 'a b' }), '0.name'],
  [
    'a description of 1 to 100',
    slash({ description: text(100) }),
    slash({ description: '' }),
    '0.description',
  ],
  [
    '25 options',
    slash({ options: list(25, (n) => option({ name: `o${n}` })) }),
    slash({ options: list(26, (n) => option({ name: `o${n}` })) }),
    '0.options',
  ],
  [
    'required options first',
    slash({ options: [option({ required: true }), option({ name: 'b' })] }),
    slash({ options: [option(), option({ name: 'b', required: true })] }),
    '0.options.1',
  ],
  [
    'options of different names',
    slash({ options: [option(), option({ name: 'b' })] }),
    slash({ options: [option(), option()] }),
    '0.options',
  ],
  [
    '25 choices',
    slash({ options: [option({ choices: choices(25) })] }),
    slash({ options: [option({ choices: choices(26) })] }),
    '0.options.0.choices',
  ],
  [
    'choices or completion',
    slash({ options: [option({ autocomplete: true })] }),
    slash({ options: [option({ autocomplete: true, choices: choices(1) })] }),
    '0.options.0.autocomplete',
  ],
  [
    'one level of groups',
    slash({ options: [group('g', sub('a'))] }),
    slash({ options: [group('g', group('h', sub('a')))] }),
    '0.options.0.options.0.type',
  ],
  [
    'subcommands or options',
    slash({ options: [sub('a'), sub('b')] }),
    slash({ options: [sub('a'), option()] }),
    '0.options',
  ],
  ['8000 characters in all', long(90), long(98), '0'],
  [
    'message commands without a description',
    { name: 'Save as note', type: 3 },
    { name: 'Save as note', type: 3, description: 'd' },
    '0.description',
  ],
];

describe('a command takes', () => {
  it.each(COMMANDS)('%s, and nothing else', async (_, good, bad, path) => {
    expect(wrong(await register(good))).toEqual([]);
    expect(wrong(await register(bad))).toContain(path);
  });

  it('a name of its own', async () => {
    expect(wrong(await register(slash({}), slash({})))).toEqual(['']);
  });

  it('200 creates a day', async () => {
    const fresh = await startDiscordServer({ strict: false });
    const path = `/applications/${fresh.applicationId}/commands`;
    for (const day of ['a', 'b'])
      await request(
        fresh,
        'PUT',
        path,
        list(100, (n) => slash({ name: `${day}${n}` })),
      );
    await request(fresh, 'PUT', path, []);
    const one = await request(fresh, 'POST', path, slash({}));
    expect(one.body.code).toBe(30034);
    fresh.advance(24 * 3600_000);
    expect((await request(fresh, 'POST', path, slash({}))).status).toBe(201);
    await fresh.stop();
  });
});
