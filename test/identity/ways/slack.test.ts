import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSlackAdapter } from '../../../adapters/slack/index.ts';
import type { Adapter } from '../../../src/core/adapter.ts';
import type { Button } from '../../../src/core/message.ts';
import type { MessageRef } from '../../../src/core/request.ts';
import { figure } from '../../chaos/figures.ts';
import { eventually } from '../../helpers.ts';
import { type SlackMessage, type SlackServer, startSlackServer } from '../../servers/slack/index.ts';
import { type Decided, decidingHouse } from './house.ts';

/** Who is who in the workspace. */
const USERS = [
  { id: 'U0ADA', name: 'Ada' },
  { id: 'U0BEA', name: 'Bea' },
  { id: 'U0TRI', name: 'Tri' },
  { id: 'U0VIC', name: 'Vic' },
  { id: 'U0CLA', name: 'Cla' },
  { id: 'U0GUS', name: 'Gus', kind: 'guest' as const },
  { id: 'U0GWEN', name: 'Gwen', kind: 'guest' as const },
  { id: 'U0EVE', name: 'Eve', kind: 'external' as const },
  { id: 'U0BOT', name: 'Bot', kind: 'bot' as const },
  { id: 'U0DEE', name: 'Dee', kind: 'deactivated' as const },
];
const PEOPLE = [
  { id: 'ada', name: 'Ada', role: 'admin' as const, identities: { slack: 'U0ADA' } },
  { id: 'vic', name: 'Vic', role: 'viewer' as const, identities: { slack: 'U0VIC' } },
  { id: 'cla', name: 'Cla', role: 'agent' as const, identities: { slack: 'U0CLA' } },
  { id: 'gwen', name: 'Gwen', role: 'operator' as const, identities: { slack: 'U0GWEN' } },
  { id: 'dee', name: 'Dee', role: 'admin' as const, identities: { slack: 'U0DEE' } },
  { id: 'bot', name: 'Bot', role: 'operator' as const, identities: { slack: 'U0BOT' } },
];
const TRAINERS = { id: 'trainers', role: 'operator' as const, identities: { slack: 'S0TRAIN' } };
const IN_TRAINERS = ['U0TRI', 'U0VIC', 'U0CLA', 'U0GUS', 'U0EVE', 'U0BOT', 'U0DEE'];

/** What each is to be taken for in the channel, and alone with the bot. */
const EXPECTED: readonly [user: string, what: string, inChannel: Decided, alone?: Decided][] = [
  ['U0ADA', 'an admin', { role: 'admin' }],
  ['U0BEA', 'a member, where the channel is private', { role: 'viewer', mayRunOwn: true }, { role: null }],
  ['U0TRI', 'a member of a group', { role: 'operator' }],
  ['U0VIC', 'a viewer who is in a group', { role: 'operator' }],
  ['U0CLA', 'an agent, in whatever group', { role: 'agent' }],
  ['U0GUS', 'a guest, in whatever group', { role: null, barred: 'guest' }],
  ['U0GWEN', 'a guest who is named', { role: 'operator' }],
  ['U0EVE', 'an outsider', { role: null, barred: 'external' }],
  ['U0BOT', 'a bot, named or not', { role: null, barred: 'bot' }],
  ['U0DEE', 'a deactivated admin', { role: null, barred: 'deactivated' }],
];

describe('somebody in Slack', () => {
  let slack: SlackServer;
  let adapter: Adapter;
  let channel: string;
  let card: SlackMessage;
  let root: MessageRef;
  const world = decidingHouse({
    adapter: 'slack',
    people: PEOPLE,
    groups: [TRAINERS],
    members: (isClosed) => (isClosed ? 'own' : 'viewer'),
  });

  beforeAll(async () => {
    slack = await startSlackServer({ users: USERS });
    channel = slack.channels.queue!;
    slack.setPrivate(channel);
    await slack.setGroup('S0TRAIN', IN_TRAINERS);
    adapter = createSlackAdapter(
      { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
      world.ports(channel),
    );
    await adapter.start(world.handlers);
    await eventually('both sockets', () => slack.sockets.count() === 2);
    const buttons: Button[] = [
      { label: 'Tell', command: 'tell', options: { text: 'x' } },
      { label: 'Fill', command: 'tell', options: {}, form: true },
    ];
    root = await adapter.post({ channel }, { blocks: [{ kind: 'buttons', buttons }] }, 'card:1');
    card = (await slack.find(channel, root.id))!;
  });
  afterAll(async () => {
    await adapter.stop();
    await slack.stop();
  });

  async function openForm(user: string): Promise<string> {
    const before = new Set(slack.views.keys());
    await slack.press(user, channel, card, 'Fill');
    return eventually('the form', () => [...slack.views.keys()].find((id) => !before.has(id)));
  }
  const inPlace: Record<string, (user: string) => unknown> = {
    slash: (user) => slack.command(user, channel, 'tell x'),
    'the list of commands': (user) => slack.command(user, channel, ''),
    mention: (user) => slack.mention(user, channel, 'tell x', root.id),
    button: (user) => slack.press(user, channel, card, 'Tell'),
    'opening a form': (user) => slack.press(user, channel, card, 'Fill'),
    reaction: async (user) => {
      const said = await slack.say('U0ADA', channel, 'the rate is odd', root.id);
      await slack.react(user, channel, said, 'memo');
    },
    shortcut: async (user) => {
      const said = await slack.say('U0ADA', channel, 'the rate is odd', root.id);
      await slack.shortcut(user, channel, said, 'save_as_note');
    },
  };
  const alone: Record<string, (user: string) => unknown> = {
    'direct message': (user) => slack.direct(user, 'tell x'),
    'Home tab': (user) => slack.openHome(user),
  };

  it('is the same on every way in', async ({ task }) => {
    let tried = 0;
    for (const [user, what, inChannel, direct = inChannel] of EXPECTED) {
      for (const [way, act] of Object.entries(inPlace)) {
        expect([what, way, await world.decided(() => act(user))]).toEqual([what, way, inChannel]);
        tried += 1;
      }
      for (const [way, act] of Object.entries(alone)) {
        expect([what, way, await world.decided(() => act(user))]).toEqual([what, way, direct]);
        tried += 1;
      }
      const view = await openForm(user);
      const suggested = await world.decided(() => slack.suggest(user, view, 'text', ''));
      const sent = await world.decided(() => slack.submit(user, view, { text: 'x' }));
      expect([what, 'a form', suggested, sent]).toEqual([what, 'a form', inChannel, inChannel]);
      tried += 2;
    }
    expect(tried).toBe(EXPECTED.length * 11);
    figure(task, {
      attack: 'identity: Slack, kinds of accounts x ways in',
      runs: tried,
      result: '0 taken for another',
    });
  });

  it('has a group’s role from when Slack tells of it until it takes it away, and none of a group that cannot be read', async () => {
    const status = () => world.decided(() => slack.command('U0BEA', channel, 'tell x'));
    const plain = { role: 'viewer', mayRunOwn: true };
    expect(await status()).toEqual(plain);
    await slack.setGroup('S0TRAIN', [...IN_TRAINERS, 'U0BEA']);
    expect(await status()).toEqual({ role: 'operator' });
    slack.fault('usergroups.users.list', { error: 'missing_scope' });
    await slack.setGroup('S0TRAIN', [...IN_TRAINERS, 'U0BEA']);
    expect(await status()).toEqual(plain);
    expect(adapter.health()).toMatchObject({
      state: 'down',
      detail: expect.stringContaining('the user group S0TRAIN gives nobody a role, since it cannot be read'),
    });
    await slack.setGroup('S0TRAIN', IN_TRAINERS);
    expect(await status()).toEqual(plain);
    expect(adapter.health()).toMatchObject({ state: 'up' });
  });

  it('is no member any more as soon as Slack says so, whatever button of theirs still stands', async () => {
    const press = () => world.decided(() => slack.press('U0BEA', channel, card, 'Tell'));
    await slack.setKind('U0BEA', 'deactivated');
    expect(await press()).toEqual({ role: null, barred: 'deactivated' });
    await slack.setKind('U0BEA', 'guest');
    expect(await press()).toEqual({ role: null, barred: 'guest' });
    await slack.setKind('U0BEA', 'member');
    expect(await press()).toEqual({ role: 'viewer', mayRunOwn: true });
  });

  it('is whom the settings name, and nobody else, while Slack does not say who they are', async () => {
    for (const [user, expected] of [
      ['U0ADA', { role: 'admin' }],
      ['U0TRI', { role: null, barred: 'unknown' }],
    ] as const) {
      slack.fault('users.info', { status: 503 });
      await slack.setKind(user, 'member');
      expect(await world.decided(() => slack.command(user, channel, 'tell x'))).toEqual(expected);
      slack.clearFaults();
      await slack.setKind(user, 'member');
    }
  });

  describe('who forges what Slack sends', () => {
    const pressed = (change: object) => ({
      type: 'block_actions',
      user: { id: 'U0ADA', name: 'ada', team_id: 'T0LAB' },
      team: { id: 'T0LAB', domain: 'lab' },
      api_app_id: 'A0XAXBOT',
      token: 't',
      trigger_id: `${Math.random()}`,
      container: { type: 'message', message_ts: card.ts, channel_id: channel },
      channel: { id: channel, name: 'queue' },
      actions: [{ type: 'button', block_id: 'b', action_id: 'a', value: valueOfButton('Tell') }],
      ...change,
    });
    const valueOfButton = (label: string) =>
      (card.blocks as { elements?: { text?: { text: string }; value?: string }[] }[])
        .flatMap(({ elements = [] }) => elements)
        .find(({ text }) => text?.text === label)!.value!;
    const deliver = (payload: object) => slack.deliver('interactive', payload);

    it('by the id of an admin in another workspace, is an outsider', async () => {
      const foreign = { id: 'U0ADA', name: 'ada', team_id: 'T0OTHER' };
      expect(await world.decided(() => deliver(pressed({ user: foreign })))).toEqual({
        role: null,
        barred: 'external',
      });
      const mention = {
        type: 'event_callback',
        event_id: 'Ev0FOREIGN',
        team_id: 'T0LAB',
        event: {
          type: 'app_mention',
          user: 'U0ADA',
          user_team: 'T0OTHER',
          team: 'T0LAB',
          text: `<@${slack.botUserId}> tell x`,
          ts: '1795446972.000001',
          channel,
        },
      };
      expect(await world.decided(() => slack.deliver('events_api', mention))).toEqual({
        role: null,
        barred: 'external',
      });
    });

    it('by fields that say they are an admin, is who they are', async () => {
      const claims = { is_admin: true, is_owner: true, role: 'admin', person: { role: 'admin' } };
      const user = { id: 'U0GUS', name: 'gus', team_id: 'T0LAB', ...claims };
      expect(await world.decided(() => deliver(pressed({ user, ...claims })))).toEqual({
        role: null,
        barred: 'guest',
      });
    });

    it('by the channel, is elsewhere', async () => {
      const other = { id: slack.channels.elsewhere, name: 'elsewhere' };
      const acted = await world.decided(() => deliver(pressed({ channel: other })));
      expect(acted).toEqual({ role: null, barred: 'elsewhere' });
    });

    it('by a button that was never made, is heard by nobody', async () => {
      const actions = [{ type: 'button', block_id: 'b', action_id: 'a', value: 'never-made' }];
      expect(
        await world.unheard(async () => {
          await deliver(pressed({ actions }));
          await eventually('told', () => slack.ephemerals.some(({ text }) => text.includes('too old')));
        }),
      ).toBe(true);
    });

    it.each([
      ['the command', (text: string) => text.replace('"tell"', '"note"')],
      ['the channel', (text: string) => text.replace(/"channel":"\w+"/, '"channel":"C0OTHER"')],
      ['what is settled', (text: string) => text.replace('"fixed":{}', '"fixed":{"text":"y"}')],
      ['the seal', (text: string) => `A${text.slice(1)}`],
      ['all of it', () => '{"channel":"C0OTHER","command":"note","fixed":{}}'],
      ['nothing at all', () => ''],
    ])('by %s in a form, is refused it, and nothing is done', async (_what, change) => {
      const view = await openForm('U0BEA');
      const opened = slack.views.get(view)!;
      const before = String(opened.private_metadata);
      opened.private_metadata = change(before);
      expect(opened.private_metadata).not.toBe(before);
      expect(await world.unheard(() => slack.submit('U0BEA', view, { text: 'x' }))).toBe(true);
    });

    it('by sending a form that was opened for somebody else, is refused it', async () => {
      const view = await openForm('U0ADA');
      expect(await world.unheard(() => slack.submit('U0BEA', view, { text: 'x' }))).toBe(true);
    });
  });
});
