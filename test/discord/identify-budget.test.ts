import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIdentifyBudget } from '../../adapters/discord/identify-budget.ts';
import { createKeptValues } from '../../src/store/kept-values.ts';
import { createHouse } from '../contract/adapter-harness.ts';
import { eventually } from '../helpers.ts';
import { type DiscordHouse, openDiscordHouse } from './house.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('the sessions that Discord allows in a day', () => {
  /** A process that begins a session, dies, and is started again 5 s later, for two days. */
  function crashLoop(counts: boolean, total: number): { day: number; second: number; longestMs: number } {
    const { db } = createHouse();
    let now = Date.UTC(2026, 10, 30);
    const from = now;
    const begun: number[] = [];
    let windowAt = now;
    let longestMs = 0;
    while (now < from + 2 * DAY_MS) {
      const budget = createIdentifyBudget({ kept: createKeptValues(db, 'discord'), clock: () => now });
      if (now >= windowAt + DAY_MS) windowAt += DAY_MS;
      const used = begun.filter((at) => at >= windowAt).length;
      const limit = { total, remaining: counts ? total - used : total, reset_after: windowAt + DAY_MS - now };
      const wait = budget.waitMs(limit);
      longestMs = Math.max(longestMs, wait);
      if (wait === 0) {
        budget.spend();
        begun.push(now);
      }
      now += Math.max(5_000, Math.min(wait, 30_000));
    }
    const within = (start: number) => begun.filter((at) => at >= start && at < start + DAY_MS).length;
    return { day: within(from), second: within(from + DAY_MS), longestMs };
  }

  it.each([
    ['tells', true],
    ['does not tell', false],
  ])('last a process that ends again and again, where the platform %s how many are left', (_what, counts) => {
    const { day, second, longestMs } = crashLoop(counts, 1000);
    expect(day).toBeGreaterThan(250);
    expect(day).toBeLessThan(900);
    expect(second).toBeLessThan(900);
    expect(longestMs).toBeLessThan(2 * HOUR_MS);
  });

  it.each([1, 2, 3, 10])('are never used up where only %i are allowed', (total) => {
    const { day, second } = crashLoop(true, total);
    expect(day).toBeGreaterThan(0);
    expect(day).toBeLessThanOrEqual(total);
    expect(second).toBeLessThanOrEqual(total);
  });

  it('are waited for until Discord counts anew when none are left, and no longer', () => {
    const { db } = createHouse();
    let now = Date.UTC(2026, 10, 30);
    const budget = createIdentifyBudget({ kept: createKeptValues(db, 'discord'), clock: () => now });
    expect(budget.waitMs({ total: 1000, remaining: 0, reset_after: HOUR_MS })).toBe(HOUR_MS);
    now += HOUR_MS;
    expect(budget.waitMs({ total: 1000, remaining: 1000, reset_after: DAY_MS })).toBe(0);
  });
});

describe('a Discord adapter that has few sessions left', () => {
  let opened: DiscordHouse;
  let ahead = 0;
  beforeEach(async () => {
    ahead = 0;
    opened = await openDiscordHouse();
  });
  afterEach(() => opened.stop());
  const clock = () => Date.now() + ahead;

  it('says until when it waits, and begins none before', async () => {
    const { discord } = opened;
    discord.sessionStarts.set(1000, 1000);
    const adapter = await opened.keep({}, { clock });
    await eventually('health says so', () => adapter.health().detail.startsWith('Discord allows'));
    expect(adapter.health().detail).toMatch(
      /allows 1000 new connections a day, of which 0 are left: the next one is made at 20\d\d-/,
    );
    expect(discord.gateway.attempts()).toBe(0);
    await adapter.stop();
    // The next day.
    ahead = DAY_MS;
    discord.advance(DAY_MS);
    const next = await opened.keep({}, { clock });
    await eventually('it is up', () => next.health().state === 'up');
  });

  it('never has its token reset by a gateway that closes every new session', async () => {
    const { discord } = opened;
    discord.sessionStarts.set(20);
    discord.gateway.mood.closes = { at: 'session', code: 4000 };
    const adapter = await opened.keep({}, { clock });
    await eventually('it tried', () => discord.gateway.attempts() >= 5);
    await adapter.stop();
    discord.gateway.mood.closes = undefined;
    for (let start = 0; start < 30; start += 1) {
      const again = opened.create({}, { clock });
      await again.start(opened.house.handlers).catch((error: Error) => error);
      await again.stop();
    }
    expect(discord.sessionStarts.limit().remaining).toBeGreaterThan(0);
    expect(discord.gateway.identifies()).toBeLessThan(20);
  });
});
