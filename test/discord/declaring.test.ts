import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textMessage } from '../../src/core/message.ts';
import { eventually } from '../helpers.ts';
import type { Fault } from '../servers/discord/faults.ts';
import { type DiscordHouse, openDiscordHouse } from './house.ts';

const PUT = /^PUT \/applications\/\d+\/(guilds\/\d+\/)?commands$/;
const GET = /^GET \/applications\/\d+\/(guilds\/\d+\/)?commands$/;
/** What a version that declares these commands declares. */
const OURS = ['Save as note', 'xax'];

let opened: DiscordHouse;
beforeEach(async () => {
  opened = await openDiscordHouse();
});
afterEach(() => opened.stop());

/** Without a place: in the first server. */
const names = (place?: string) =>
  opened.discord
    .commands(place)
    .map(({ name }) => name)
    .toSorted();
const puts = () => opened.discord.log.filter(({ method, path }) => PUT.test(`${method} ${path}`));

describe('commands that cannot be declared', () => {
  const faults: [string, Fault, RegExp][] = [
    [
      'without the scope',
      { status: 403, code: 50_001 },
      /without the scope applications\.commands: open the invitation link/,
    ],
    ['beyond 200 a day', { status: 400, code: 30_034 }, /200 new commands a day.*\(30034\)/],
    ['beyond what an app may have', { status: 400, code: 30_032 }, /as many commands as Discord allows/],
    ['that are refused', { status: 400, code: 50_035 }, /fault of this version of xaxbot: report it/],
    ['while Discord is ill', { status: 503 }, /Discord answered 503/],
    ['too often', { status: 429, retryAfterSeconds: 1 }, /Discord's rate limit/],
    ['while the line is cut', { drop: 'before' }, /cannot be reached/],
    [
      'through a proxy that answers itself',
      { status: 403, page: { type: 'text/html', body: '<h1>Forbidden</h1>' } },
      /something on the way answered in its place \(403, text\/html\).*let 127\.0\.0\.1:\d+ through/,
    ],
  ];
  it.each(faults)(
    '%s leave everything else at work, are told once and declared later',
    async (_what, fault, words) => {
      const { discord, house } = opened;
      const handle = discord.fault(PUT, fault, 3);
      const adapter = await opened.keep();
      await eventually('health says so', () => words.test(adapter.health().detail));
      expect(adapter.health()).toMatchObject({
        state: 'down',
        detail: expect.stringMatching(
          /slash commands are not up to date.*Everything else works.*tried again at 20/,
        ),
      });
      // Messages go out, and what people do comes in.
      const button = { label: 'Again', command: 'tell', options: { text: 'x' }, form: false };
      const message = { blocks: [{ kind: 'buttons' as const, buttons: [button] }] };
      const ref = await adapter.post({ channel: discord.channels.queue }, message, 'k1');
      await discord.press(discord.people.ada, ref.id, 'Again');
      await eventually('the press came', () => house.asked.length === 1);
      await eventually('they are declared', () => names().length > 0, 15_000);
      await eventually('health is well', () => adapter.health().state === 'up');
      expect(handle.used()).toBe(3);
      expect(names()).toEqual(OURS);
      expect(discord.gateway.identifies()).toBe(1);
      expect(discord.gateway.attempts()).toBe(1);
      expect(opened.logged('warn').filter((line) => line.includes('slash commands'))).toHaveLength(1);
    },
  );

  it('are not declared sooner than Discord allows, nor more and more often', async () => {
    const { discord } = opened;
    discord.fault(PUT, { status: 429, retryAfterSeconds: 2 }, 1);
    const adapter = await opened.keep();
    await eventually('they are declared', () => names().length > 0, 15_000);
    const [first, second] = puts();
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(2_000);
    await eventually('health is well', () => adapter.health().state === 'up');
  });

  it('do not hold up a start when Discord does not answer', async () => {
    const { discord } = opened;
    discord.fault(GET, { delayMs: 3_000 }, 1);
    const adapter = await opened.keep({ timings: { declareWaitMs: 50 } });
    await eventually('it is up', () => adapter.health().state === 'up', 2_500);
    await adapter.post({ channel: discord.channels.queue }, textMessage('said'), 'k1');
  });
});

describe('commands that are declared', () => {
  const start = async (commands: 'guild' | 'global', ...ids: string[]) => {
    const channels = ids.map((id) => ({ id, title: '', description: '', capturesThreads: false }));
    const more = channels.length === 0 ? {} : { channels: () => channels };
    const adapter = opened.create({ commands }, more);
    await adapter.start(opened.house.handlers);
    return adapter;
  };

  it('are not declared again', async () => {
    await (await start('guild')).stop();
    await (await start('guild')).stop();
    expect(puts()).toHaveLength(1);
  });

  it('move from the servers to everywhere and back, and stand once', async () => {
    await (await start('guild')).stop();
    expect([names(), names('global')]).toEqual([OURS, []]);
    const global = await start('global');
    await eventually('they are gone from the server', () => names().length === 0);
    expect(names('global')).toEqual(OURS);
    await global.stop();
    const guild = await start('guild');
    await eventually('they are gone from everywhere', () => names('global').length === 0);
    expect(names()).toEqual(OURS);
    await guild.stop();
  });

  it('move to the server whose channels are in the settings, and stay in each that has one', async () => {
    const { discord } = opened;
    const other = discord.addGuild('Elsewhere');
    await (await start('guild')).stop();
    expect([names(), names(other.id)]).toEqual([OURS, []]);
    const moved = await start('guild', other.channelId);
    await eventually('they are gone from the first', () => names().length === 0);
    expect(names(other.id)).toEqual(OURS);
    await moved.stop();
    const both = await start('guild', discord.channels.queue, other.channelId);
    expect([names(), names(other.id), names('global')]).toEqual([OURS, OURS, []]);
    await both.stop();
  });

  it('go to a server that the bot is invited to while it runs', async () => {
    const { discord } = opened;
    discord.kickBot();
    await start('guild');
    expect(names()).toEqual([]);
    discord.inviteBot();
    await eventually('they are declared', () => names().length > 0);
    expect(names()).toEqual(OURS);
  });

  it('are taken back on a new database too, with what another declared left alone', async () => {
    await (await start('guild')).stop();
    opened.discord.addCommand('deploy');
    opened.house.db.exec('DELETE FROM kept_values');
    await start('global');
    await eventually('ours are gone from the server', () => names().join() === 'deploy');
  });

  it('stay where they were until they are declared where they are wanted', async () => {
    const { discord } = opened;
    await (await start('guild')).stop();
    discord.fault(PUT, { status: 503 }, 2);
    await start('global');
    expect(names()).toEqual(OURS);
    await eventually('they have moved', () => names().length === 0 && names('global').length > 0);
  });
});
