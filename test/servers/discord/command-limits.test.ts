import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { many, x } from '../../validators/rule.ts';
import { request, wrong } from './client.ts';
import { type DiscordServer, startDiscordServer } from './index.ts';

let server: DiscordServer;
beforeAll(async () => {
  server = await startDiscordServer({ strict: false });
});
afterAll(() => server.stop());

const register = (...commands: object[]) =>
  request(server, 'PUT', `/applications/${server.applicationId}/guilds/${server.guildId}/commands`, commands);

const slash = (more: object) => ({ name: 'xax', description: 'd', ...more });
const option = (more: object = {}) => ({ name: 'job', description: 'd', type: 3, ...more });
const sub = (name: string, ...inner: object[]) => ({ name, description: 'd', type: 1, options: inner });
const group = (name: string, ...inner: object[]) => ({ name, description: 'd', type: 2, options: inner });
const choices = (count: number) => many(count, (n) => ({ name: `c${n}`, value: `c${n}` }));
const long = (total: number) =>
  slash({
    options: many(20, (n) =>
      option({ name: `o${n}`, choices: many(4, (k) => ({ name: `${k}${x(total)}`, value: `${k}` })) }),
    ),
  });

const COMMANDS: [string, object, object, string][] = [
  ['lower-case names of 32', slash({ name: x(32) }), slash({ name: x(33) }), '0.name'],
  ['lower case only', slash({ name: 'größe_1' }), slash({ name: 'Xax' }), '0.name'],
  ['names without spaces', slash({ name: 'a-b' }), slash({ name: 'a b' }), '0.name'],
  ['a description of 1 to 100', slash({ description: x(100) }), slash({ description: '' }), '0.description'],
  [
    '25 options',
    slash({ options: many(25, (n) => option({ name: `o${n}` })) }),
    slash({ options: many(26, (n) => option({ name: `o${n}` })) }),
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
        many(100, (n) => slash({ name: `${day}${n}` })),
      );
    await request(fresh, 'PUT', path, []);
    const one = await request(fresh, 'POST', path, slash({}));
    expect(one.body.code).toBe(30034);
    fresh.advance(24 * 3600_000);
    expect((await request(fresh, 'POST', path, slash({}))).status).toBe(201);
    await fresh.stop();
  });
});
