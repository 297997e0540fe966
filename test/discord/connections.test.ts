import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { type DiscordHouse, openDiscordHouse } from './house.ts';

/** Longer than any pause before a connection is opened anew in these tests, discord.js's own half second included. */
const QUIET_MS = 900;

let opened: DiscordHouse;
beforeEach(async () => {
  opened = await openDiscordHouse();
});
afterEach(() => opened.stop());

/** Nothing is connected, and nobody tries to. */
async function nobodyConnects({ gateway, log }: DiscordHouse['discord']): Promise<void> {
  await eventually('no connection is left', () => gateway.connections() === 0);
  const before = gateway.attempts();
  const asked = log.length;
  await sleep(QUIET_MS);
  expect(gateway.attempts() - before).toBe(0);
  expect(log.length - asked).toBe(0);
  expect(gateway.connections()).toBe(0);
}

/** Tries each case in a house of its own, all at once, so that a quiet is waited for once; what went wrong in which. */
async function faultsIn<T>(
  cases: readonly T[],
  attempt: (house: DiscordHouse, one: T) => Promise<void>,
): Promise<string[]> {
  const faults = await Promise.all(
    cases.map(async (one) => {
      const house = await openDiscordHouse();
      try {
        await attempt(house, one);
        return [];
      } catch (error) {
        return [`${[one].flat()[0]}: ${error}`];
      } finally {
        await house.stop();
      }
    }),
  );
  return faults.flat();
}

it('health says since when Discord is reached as it is now, not since when it first was', async () => {
  const adapter = await opened.keep();
  await eventually('it is there', () => adapter.health().state === 'up');
  const since = () => (adapter.health() as { since?: number }).since ?? 0;
  const first = since();
  await sleep(20);
  expect(since()).toBe(first);
  const cut = Date.now();
  opened.discord.down();
  await eventually('it is away', () => adapter.health().state === 'down');
  opened.discord.up();
  await eventually('it is back', () => adapter.health().state === 'up');
  expect(since()).toBeGreaterThanOrEqual(cut);
});

describe('a Discord adapter that is stopped', () => {
  type World = DiscordHouse['discord'];
  const whileOpening: [
    when: string,
    spoil: (discord: World) => void,
    isThere: (discord: World) => boolean,
  ][] = [
    [
      'the application is asked for',
      (discord) => void discord.fault('GET /applications/@me', { delayMs: 400 }),
      ({ log }) => log.some(({ path }) => path === '/applications/@me'),
    ],
    [
      'the gateway is asked for',
      (discord) => void discord.fault('GET /gateway/bot', { delayMs: 400 }),
      ({ log }) => log.some(({ path }) => path === '/gateway/bot'),
    ],
    [
      'its connection gets no answer',
      ({ gateway }) => void Object.assign(gateway.mood, { stalls: true }),
      ({ gateway }) => gateway.attempts() > 0,
    ],
    [
      'its connection is refused',
      ({ gateway }) => void Object.assign(gateway.mood, { refuses: 503 }),
      ({ gateway }) => gateway.attempts() > 1,
    ],
    [
      'its connection is cut',
      ({ gateway }) => void Object.assign(gateway.mood, { down: true }),
      ({ gateway }) => gateway.attempts() > 1,
    ],
    [
      'it is not greeted',
      ({ gateway }) => void Object.assign(gateway.mood, { mute: true }),
      ({ gateway }) => gateway.connections() > 0,
    ],
    [
      'nobody answers its Identify',
      ({ gateway }) => void Object.assign(gateway.mood, { closes: { at: 'session', code: 4000 } }),
      ({ gateway }) => gateway.attempts() > 1,
    ],
    [
      'its commands are declared',
      (discord) => void discord.fault('GET /applications/:app/guilds/:guild/commands', { delayMs: 400 }),
      ({ log }) => log.some(({ path }) => path.endsWith('/commands')),
    ],
  ];
  it('while it is being opened connects no more', async () => {
    const faults = await faultsIn(whileOpening, async ({ discord, keep }, [, spoil, isThere]) => {
      spoil(discord);
      const adapter = await keep();
      await eventually('it is there', () => isThere(discord));
      await adapter.stop();
      Object.assign(discord.gateway.mood, {
        refuses: undefined,
        down: false,
        mute: false,
        closes: undefined,
      });
      await nobodyConnects(discord);
    });
    expect(faults).toEqual([]);
  });

  it('after its connection was closed, with whatever code, connects no more', async () => {
    const codes = [1000, 1001, 1006, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009, 4200];
    const faults = await faultsIn(codes, async ({ discord, keep }, code) => {
      const adapter = await keep({ timings: { firstMs: 300, longestMs: 300 } });
      await eventually('it is up', () => adapter.health().state === 'up');
      discord.gateway.close(code);
      await eventually('it was noticed', () => adapter.health().state === 'down');
      await adapter.stop();
      await nobodyConnects(discord);
    });
    expect(faults).toEqual([]);
  });

  it('after its connection was closed for good, with whatever code, connects no more', async () => {
    const codes = [4004, 4010, 4011, 4012, 4013, 4014];
    const faults = await faultsIn(codes, async ({ discord, keep }, code) => {
      const adapter = await keep();
      await eventually('it is up', () => adapter.health().state === 'up');
      discord.gateway.mood.closes = { at: 'session', code };
      discord.gateway.close(code);
      await eventually('it was noticed', () => adapter.health().state === 'down');
      await adapter.stop();
      await nobodyConnects(discord);
    });
    expect(faults).toEqual([]);
  });

  it('while it resumes, or after its session was forgotten, connects no more', async () => {
    const { gateway } = opened.discord;
    const adapter = await opened.keep({ timings: { firstMs: 300, longestMs: 300 } });
    await eventually('it is up', () => adapter.health().state === 'up');
    gateway.forgetSessions();
    gateway.close(1006);
    await eventually('it was told that there is no session', () => gateway.attempts() > 1);
    await adapter.stop();
    await nobodyConnects(opened.discord);
  });
});

describe('a Discord adapter whose connection is lost', () => {
  it('with whatever code is there again over one connection', async () => {
    const codes = [1000, 1006, 4000, 4001, 4002, 4008, 4200];
    const faults = await faultsIn(codes, async ({ discord: { gateway }, keep }, code) => {
      const adapter = await keep();
      await eventually('it is up', () => adapter.health().state === 'up');
      const before = gateway.attempts();
      gateway.close(code);
      await eventually('it was noticed', () => adapter.health().state === 'down');
      await eventually('it is up again', () => adapter.health().state === 'up', 10_000);
      expect(gateway.attempts() - before).toBe(1);
      expect(gateway.connections()).toBe(1);
    });
    expect(faults).toEqual([]);
  });

  it('and refused for a while tries with growing pauses, one connection at a time, and resumes its session', async () => {
    const { gateway } = opened.discord;
    const adapter = await opened.keep({ timings: { firstMs: 100, longestMs: 5_000 } });
    await eventually('it is up', () => adapter.health().state === 'up');
    const before = gateway.attempts();
    gateway.mood.refuses = 503;
    gateway.close(1006);
    await eventually('it was tried', () => gateway.attempts() - before >= 3);
    await sleep(1_000);
    // 100, 200, 400, 800 ms and so on, each after a connection that took its time to fail.
    expect(gateway.attempts() - before).toBeLessThan(7);
    expect(adapter.health()).toMatchObject({ state: 'down', detail: expect.stringMatching(/503/) });
    gateway.mood.refuses = undefined;
    await eventually('it is up again', () => adapter.health().state === 'up', 15_000);
    expect(gateway.identifies()).toBe(1);
    expect(gateway.resumes()).toBe(1);
    expect(gateway.connections()).toBe(1);
    expect(opened.logged('warn').filter((line) => line.includes('cannot be reached'))).toHaveLength(1);
  });

  it('and gets no answer to its resume tries again', async () => {
    const { gateway } = opened.discord;
    const adapter = await opened.keep({ timings: { firstMs: 20, longestMs: 100, connectMs: 500 } });
    await eventually('it is up', () => adapter.health().state === 'up');
    gateway.mood.mute = true;
    gateway.close(1006);
    await eventually('it tried more than once', () => gateway.attempts() > 2, 10_000);
    gateway.mood.mute = false;
    await eventually('it is up again', () => adapter.health().state === 'up', 10_000);
    expect(gateway.identifies()).toBe(1);
  });

  it('begins a new session when its own was forgotten', async () => {
    const { gateway } = opened.discord;
    const adapter = await opened.keep();
    await eventually('it is up', () => adapter.health().state === 'up');
    gateway.forgetSessions();
    gateway.close(1006);
    await eventually('it was noticed', () => adapter.health().state === 'down');
    await eventually('it is up again', () => adapter.health().state === 'up', 10_000);
    expect(gateway.identifies()).toBe(2);
    expect(gateway.connections()).toBe(1);
  });
});
