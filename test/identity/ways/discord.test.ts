import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDiscordAdapter } from '../../../adapters/discord/index.ts';
import type { Adapter } from '../../../src/core/adapter.ts';
import type { Button } from '../../../src/core/message.ts';
import type { KnownPerson } from '../../../src/identity/people.ts';
import { figure } from '../../chaos/figures.ts';
import { type DiscordWorld, openDiscord } from '../../discord-world.ts';
import type { Observed, User } from '../../servers/discord/index.ts';
import { type Decided, decidingHouse } from './house.ts';

type Json = Record<string, unknown>;

/** Who is who on the server: what their account is, and what each is to be taken for in the channel and alone with the bot. */
const WHO: readonly {
  name: string;
  what: string;
  listed?: KnownPerson['role'];
  isTrainer?: true;
  isPending?: true;
  inChannel: Decided;
  alone?: Decided;
}[] = [
  { name: 'Ada', what: 'an admin', listed: 'admin', inChannel: { role: 'admin' } },
  {
    name: 'Bea',
    what: 'a member, where not everybody sees the channel',
    inChannel: { role: 'viewer', mayRunOwn: true },
    alone: { role: null },
  },
  { name: 'Tri', what: 'a member with a role', isTrainer: true, inChannel: { role: 'operator' } },
  {
    name: 'Vic',
    what: 'a viewer with a role',
    listed: 'viewer',
    isTrainer: true,
    inChannel: { role: 'operator' },
  },
  {
    name: 'Cla',
    what: 'an agent with a role',
    listed: 'agent',
    isTrainer: true,
    inChannel: { role: 'agent' },
  },
  {
    name: 'Pen',
    what: 'a member who has not accepted the rules',
    isTrainer: true,
    isPending: true,
    inChannel: { role: null, barred: 'pending' },
  },
  {
    name: 'Ped',
    what: 'an operator who has not accepted the rules',
    listed: 'operator',
    isPending: true,
    inChannel: { role: null, barred: 'pending' },
  },
];

describe('somebody in Discord', () => {
  let discord: DiscordWorld;
  let adapter: Adapter;
  let channel: string;
  let card: string;
  let trainers: string;
  const users = new Map<string, User>();
  const people: KnownPerson[] = [];
  const groups = [{ id: 'trainers', role: 'operator' as const, identities: { discord: '' } }];
  let world: ReturnType<typeof decidingHouse>;
  const user = (name: string) => users.get(name)!;

  beforeAll(async () => {
    discord = await openDiscord({ messageContent: true });
    channel = discord.channels.queue;
    trainers = discord.addRole('trainers', []);
    groups[0]!.identities.discord = trainers;
    for (const { name, listed, isTrainer, isPending } of WHO) {
      const made = discord.addUser(name);
      users.set(name, made);
      discord.setMember(made, { roles: isTrainer ? [trainers] : [], pending: isPending === true });
      if (listed)
        people.push({ id: name.toLowerCase(), name, role: listed, identities: { discord: made.id } });
    }
    world = decidingHouse({
      adapter: 'discord',
      people,
      groups,
      members: (isClosed) => (isClosed ? 'own' : 'viewer'),
    });
    adapter = createDiscordAdapter(
      { token: discord.token, apiUrl: discord.api, commands: 'guild' },
      world.ports(channel),
    );
    await adapter.start(world.handlers);
    const buttons: Button[] = [
      { label: 'Tell', command: 'tell', options: { text: 'x' } },
      { label: 'Fill', command: 'tell', options: {}, form: true },
    ];
    const { id } = await adapter.post({ channel }, { blocks: [{ kind: 'buttons', buttons }] }, 'card:1');
    card = id;
    await adapter.openThread({ channel, id }, 'job-0000001');
  });
  afterAll(async () => {
    await adapter.stop();
    await discord.stop();
  });

  const mention = (who: User, place: string) => discord.say(who, place, `<@${discord.applicationId}> tell x`);
  const inPlace: Record<string, (who: User) => unknown> = {
    slash: (who) => discord.xax(who, channel, 'tell', { text: 'x' }),
    'slash in a thread': (who) => discord.xax(who, card, 'tell', { text: 'x' }),
    mention: (who) => mention(who, channel),
    'mention in a thread': (who) => mention(who, card),
    button: (who) => discord.press(who, card, 'Tell'),
    'opening a form': (who) => discord.press(who, card, 'Fill'),
    reaction: (who) => discord.react(who, discord.say(user('Ada'), card, 'odd').id, '📝'),
    'message menu': (who) =>
      discord.messageCommand(who, 'Save as note', discord.say(user('Ada'), card, 'odd').id),
  };
  const submitted = async (who: User) => {
    let opened: Observed | undefined;
    const opening = await world.decided(async () => {
      opened = await discord.press(who, card, 'Fill');
    });
    return { opening, sending: await world.decided(() => discord.submit(who, opened!, { text: 'x' })) };
  };

  it('is the same on every way in', async ({ task }) => {
    let tried = 0;
    for (const { name, what, inChannel, alone = inChannel } of WHO) {
      for (const [way, act] of Object.entries(inPlace)) {
        expect([what, way, await world.decided(() => act(user(name)))]).toEqual([what, way, inChannel]);
        tried += 1;
      }
      expect([what, 'form', await submitted(user(name))]).toEqual([
        what,
        'form',
        { opening: inChannel, sending: inChannel },
      ]);
      const direct = await world.decided(() => discord.dm(user(name), 'tell x'));
      expect([what, 'direct message', direct]).toEqual([what, 'direct message', alone]);
      tried += 3;
    }
    expect(tried).toBe(WHO.length * 11);
    figure(task, {
      attack: 'identity: Discord, kinds of accounts x ways in',
      runs: tried,
      result: '0 taken for another',
    });
  });

  it('has what is given to a role as long as they have it', async () => {
    const both = async () => [
      await world.decided(() => discord.xax(user('Bea'), channel, 'tell', { text: 'x' })),
      await world.decided(() => mention(user('Bea'), channel)),
    ];
    const plain = { role: 'viewer', mayRunOwn: true };
    discord.setMember(user('Bea'), { roles: [trainers] });
    expect(await both()).toEqual([{ role: 'operator' }, { role: 'operator' }]);
    discord.setMember(user('Bea'), {});
    expect(await both()).toEqual([plain, plain]);
  });

  it('reads, and runs nothing, where everybody sees the channel', async () => {
    const decided = () => world.decided(() => discord.xax(user('Bea'), channel, 'tell', { text: 'x' }));
    discord.setEveryonePermissions(channel, { allow: ['VIEW_CHANNEL'] });
    await discord.eventually('it is known', () => adapter.isClosed?.(channel) === false);
    expect(await decided()).toEqual({ role: 'viewer' });
    discord.setEveryonePermissions(channel, {});
    await discord.eventually('it is known', () => adapter.isClosed?.(channel) === true);
    expect(await decided()).toEqual({ role: 'viewer', mayRunOwn: true });
  });

  it('who has left the server is an outsider in direct messages, an admin too', async () => {
    const gone = discord.addUser('Gone');
    people.push({ id: 'gone', name: 'Gone', role: 'admin', identities: { discord: gone.id } });
    expect(await world.decided(() => discord.dm(gone, 'tell x'))).toEqual({ role: 'admin' });
    discord.removeMember(gone);
    await discord.eventually(
      'it is known',
      async () => (await world.decided(() => discord.dm(gone, 'tell x')))?.barred === 'external',
    );
    expect(await world.decided(() => discord.dm(gone, 'tell x'))).toEqual({
      role: null,
      barred: 'external',
    });
  });

  it('is whom the settings name, and nobody else, while Discord does not say who they are', async () => {
    for (const [name, expected] of [
      ['Ada', { role: 'admin' }],
      ['Tri', { role: null, barred: 'unknown' }],
    ] as const) {
      discord.fault('GET /guilds/:id/members/:id', { status: 503 }, 100);
      expect(await world.decided(() => mention(user(name), channel))).toEqual(expected);
      discord.clearFaults();
    }
  });

  describe('who forges an interaction', () => {
    const forged = (name: string, change: (payload: Json) => Json) =>
      world.decided(() => {
        discord.forgeNext(change);
        return discord.press(user(name), card, 'Tell');
      });

    it('without being a member, is an outsider', async () => {
      const change = ({ member, ...rest }: Json) => ({ ...rest, user: (member as Json).user });
      expect(await forged('Ada', change)).toEqual({ role: null, barred: 'external' });
    });

    it('of another server, is an outsider', async () => {
      const { id } = discord.addGuild('elsewhere');
      expect(await forged('Ada', (payload) => ({ ...payload, guild_id: id }))).toEqual({
        role: null,
        barred: 'external',
      });
    });

    it('with all permissions and fields that say so, is who they are', async () => {
      const claims = { is_admin: true, role: 'admin', owner: true, permissions: String(2 ** 40) };
      const change = (payload: Json) => ({
        ...payload,
        ...claims,
        member: { ...(payload.member as Json), ...claims },
      });
      expect(await forged('Bea', change)).toEqual({ role: 'viewer', mayRunOwn: true });
    });

    it('from another channel, is elsewhere', async () => {
      const { elsewhere } = discord.channels;
      const change = (payload: Json) => ({
        ...payload,
        channel_id: elsewhere,
        channel: { ...(payload.channel as Json), id: elsewhere },
      });
      expect(await forged('Ada', change)).toEqual({ role: null, barred: 'elsewhere' });
    });

    it.each([
      ['a button that was never made', { custom_id: 'a:never-made' }],
      ['nothing', { custom_id: '' }],
    ])('by pressing %s, is heard by nobody', async (_what, data) => {
      expect(
        await world.unheard(() => {
          discord.forgeNext((payload) => ({ ...payload, data: { ...(payload.data as Json), ...data } }));
          return discord.press(user('Ada'), card, 'Tell');
        }),
      ).toBe(true);
    });

    it('by sending a form that was never made, is heard by nobody', async () => {
      let opened: Observed | undefined;
      await world.decided(async () => {
        opened = await discord.press(user('Ada'), card, 'Fill');
      });
      expect(
        await world.unheard(() => {
          discord.forgeNext((payload) => ({
            ...payload,
            data: { ...(payload.data as Json), custom_id: 'form:never-made:1' },
          }));
          return discord.submit(user('Ada'), opened!, { text: 'x' });
        }),
      ).toBe(true);
    });
  });
});
