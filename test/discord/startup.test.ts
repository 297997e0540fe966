import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Adapter } from '../../src/core/adapter.ts';
import { eventually } from '../helpers.ts';
import { type DiscordHouse, openDiscordHouse } from './house.ts';

/** resources/channel: Channel Types. */
const TYPES = [
  ['a forum', 15],
  ['a voice channel', 2],
  ['a category', 4],
] as const;

let opened: DiscordHouse;
beforeEach(async () => {
  opened = await openDiscordHouse();
});
afterEach(() => opened.stop());

const channelsOf = (id: string) => [{ id, title: '', description: '', capturesThreads: false }];

describe('a channel of the settings that Discord cannot use so', () => {
  it.each(TYPES)('is told of at the start: %s', async (what, type) => {
    const id = opened.discord.addChannel('jobs', type);
    const adapter = await opened.keep({}, { channels: () => channelsOf(id) });
    await eventually('health says so', () =>
      adapter.health().detail.includes(`the channel ${id} is ${what}`),
    );
    expect(adapter.health().detail).toMatch(/put a text channel into channels: of xaxbot\.yaml/);
  });

  it('is told of at the start where it does not exist', async () => {
    const id = '123456789012345678';
    const adapter = await opened.keep({}, { channels: () => channelsOf(id) });
    await eventually('health says so', () => adapter.health().detail.includes(id));
    expect(adapter.health().detail).toMatch(/does not exist: correct channels: in xaxbot\.yaml/);
  });
});

describe('two processes on one token', () => {
  it('know of each other while both answer, and no longer', async () => {
    const { discord } = opened;
    const first = await opened.keep();
    const second = await opened.keep();
    const both = [first, second];
    await eventually('both are up', () => both.every((each) => each.health().state === 'up'));
    const ask = () => discord.xax(discord.people.ada, discord.channels.queue, 'tell', { text: 'x' });
    const told = (adapter: Adapter) => /another process uses the same token/.test(adapter.health().detail);
    await eventually('one of them knows', async () => {
      await ask();
      return both.some(told);
    });
    const loser = both.find(told)!;
    expect(loser.health().detail).toMatch(/answered in place of this one, last at 20.*stop one of the two/);
    await (loser === first ? second : first).stop();
    for (let count = 0; count < 5; count += 1) await ask();
    await eventually('health is well', () => loser.health().state === 'up');
  });
});

describe("a proxy's page in place of Discord's answer", () => {
  it.each([
    ['GET /applications/@me', 403],
    ['GET /applications/@me', 200],
    ['GET /gateway/bot', 200],
    ['GET /gateway/bot', 404],
  ])('to %s with %i is told as what it is, and ends with it', async (route, status) => {
    const page = { type: 'text/html; charset=utf-8', body: '<html>Sign in</html>' };
    const fault = opened.discord.fault(route, { status, page }, 1_000);
    const adapter = await opened.keep();
    await eventually('health says so', () =>
      /something on the way answered in its place/.test(adapter.health().detail),
    );
    fault.remove();
    await eventually('it is up', () => adapter.health().state === 'up');
  });
});
