import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../adapters/registry.ts';
import { setup } from '../../src/cli/doctor/index.ts';
import { keysAt } from '../../src/config/issues.ts';
import { teamSchema } from '../../src/config/team-schema.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createRecordedHome, startTestBot } from '../bot.ts';
import { load, problem } from '../config/load.ts';
import { adapterContract } from '../contract/adapter-suite.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { createTinyChat } from './chat.ts';
import { harness } from './harness.ts';
import { tiny } from './kind.ts';

const chat = createTinyChat(['room-1']);
/** The one line that registers it. */
const adapters = [...ADAPTERS, tiny(chat)];

const YAML = `watch: {defaults: false}
tiny: {greeting: good morning}
people:
  root: {name: Root, role: admin, unix: root}
  ada: {name: Ada, role: operator, tiny: t-ada}
  bob: {name: Bob, role: operator}
channels:
  - {platform: tiny, id: room-1, members: viewer}
  - {id: queue}
`;
const ENV = { TINY_TOKEN: 'tiny-12345678' };

adapterContract(tiny(chat), harness);

describe('the settings of an adapter that is one line more in the registry', () => {
  const given = (yaml: string, env: NodeJS.ProcessEnv = ENV) => [yaml, env, {}, { adapters }] as const;

  it('are its section, its channels, its accounts and its variables', () => {
    const config = load(...given(YAML));
    expect(config.adapters.get('tiny')!.settings).toEqual({
      token: 'tiny-12345678',
      greeting: 'good morning',
    });
    expect(config.channels.map(({ adapter, id }) => `${adapter} ${id}`)).toEqual([
      'tiny room-1',
      'web queue',
    ]);
    expect(config.people[1]!.identities).toEqual({ tiny: 't-ada' });
    expect(config.secrets).toContain('tiny-12345678');
    expect(config.childEnv).not.toHaveProperty('TINY_TOKEN');
    expect(keysAt(teamSchema(adapters), [])).toContain('tiny');
  });

  it('are refused with the line, the key and what is accepted, and the variable by its name', () => {
    const refused = (yaml: string, env?: NodeJS.ProcessEnv) => problem(...given(yaml, env));
    expect(refused(YAML.replace('greeting', 'greting'))).toMatch(
      /line 2, tiny\.greting: no such key; did you mean greeting\?/,
    );
    expect(refused(YAML.replace('id: room-1', 'id: hall'))).toMatch(
      /line 8, channels\.0\.id: a room of the tiny chat such as room-1/,
    );
    expect(refused(YAML.replace('t-ada', 'ada'))).toMatch(
      /line 5, people\.ada\.tiny: an account of the tiny/,
    );
    expect(refused(YAML.replace('role: operator}', 'role: operator, tiny: t-ada}'))).toMatch(
      /line 6, people\.bob\.tiny: t-ada already belongs to ada/,
    );
    expect(refused(YAML.replace('platform: tiny', 'platform: tinny'))).toMatch(
      /channels\.0\.platform: .*one of web, slack, discord, tiny/,
    );
    expect(refused(YAML, { TINY_TOKEN: 'xoxb-1' })).toMatch(/TINY_TOKEN is not a valid token/);
  });

  it('are unknown where it is not registered', () => {
    expect(problem(YAML, ENV)).toMatch(/line 2, tiny: no such key/);
  });
});

describe('a bot with an adapter that is one line more in the registry', () => {
  let bot: Awaited<ReturnType<typeof startTestBot>>;
  let home: ReturnType<typeof createRecordedHome>;
  const health = (name: string) => bot.app.health().find((item) => item.name === name);
  const type = async (account: string, words: string) => {
    const before = chat.privately.length;
    await chat.act({ account, channel: 'room-1', root: null, act: { typed: `!xax ${words}` } });
    return chat.privately
      .slice(before)
      .map(({ message }) => plainText(message))
      .join('\n');
  };

  beforeAll(async () => {
    const folder = temporaryFolder();
    home = createRecordedHome(folder);
    home.show('001.json');
    home.beat();
    bot = await startTestBot({ folder, home: home.home, yaml: YAML, env: ENV, adapters });
    await eventually('it is open', () => health('tiny')?.ok);
  });
  afterAll(() => bot.app.stop());

  it('tells there what happens, in threads below cards', async () => {
    home.show('030.json');
    await bot.app.settled();
    await eventually('all is said', async () => {
      await bot.app.settled();
      return bot.app.waiting() === 0;
    });
    const cards = chat.in('room-1').filter(({ text }) => text.split('\n')[0]!.includes('job-0000008'));
    expect(cards.map(({ text }) => text)).toEqual([expect.stringMatching(/failed/i)]);
    expect(chat.in('room-1', cards[0]!.id).length).toBeGreaterThan(0);
  });

  it('shows it in health, and in doctor whether it is set up or not', () => {
    const place = { env: {}, cwd: '/' };
    expect(health('tiny')).toMatchObject({ ok: true, detail: expect.stringMatching(/^1 rooms, since /) });
    expect(setup(bot.config, place)).toContainEqual(['tiny', 'set up']);
    const off = load(YAML, {}, {}, { adapters });
    expect(setup(off, place)).toContainEqual(['tiny', 'off: no TINY_TOKEN']);
    expect(setup(off, place)).toContainEqual(['channels', 'tiny room-1, queue']);
  });

  it('says in help what is typed there', async () => {
    expect(await type('t-ada', 'help status')).toContain('!xax status');
  });

  it('links an account there to a person, who is told and answered there from then on', async () => {
    const code = /link ([A-Z0-9]{10})/.exec(await type('t-bobby', 'link'))![1]!;
    const bob = { id: 'bob', name: 'Bob', role: 'operator' as const };
    expect(plainText((await bot.ask(`link ${code}`, { person: bob })).message)).toContain(
      't-bobby (t-bobby in the tiny chat) asks to be linked to Bob',
    );
    expect(await type('t-bobby', `link confirm ${code}`)).toContain('not yours to confirm');
    expect(plainText((await bot.ask(`link confirm ${code}`, { person: bob })).message)).toContain(
      't-bobby (t-bobby in the tiny chat) is Bob',
    );
    expect(await type('t-bobby', 'subscribe mine')).not.toContain('cannot');
  });

  it('says in health that its channels are not told while it is off', async () => {
    const folder = temporaryFolder();
    const off = await startTestBot({ folder, home: home.home, yaml: YAML, adapters });
    expect(off.app.health().find(({ name }) => name === 'tiny')).toEqual({
      name: 'tiny',
      ok: false,
      detail: 'off, but xaxbot.yaml has rooms for it: set TINY_TOKEN',
    });
    await off.app.stop();
  });
});
