import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everywhere, inWeb, type Places } from '../card-seen.ts';
import { eventually } from '../helpers.ts';
import { type Chats, openChats } from '../platforms.ts';
import { createProject, train } from './world.ts';

const PATIENCE_MS = 60_000;

let chats: Chats;
beforeAll(async () => {
  chats = await openChats({
    endings: 'thread',
    timings: {
      app: { tickMs: 200, stopWaitMs: 30_000, partStopMs: 20_000, allStopMs: 60_000 },
      liveCharts: { soonestMs: 500, latestMs: 500 },
      followed: { processMs: 50, writeMs: 50 },
    },
  });
  await chats.connected();
}, PATIENCE_MS);
afterAll(() => chats.stop(), PATIENCE_MS);

/** Waits until its card and its thread are so in all three; resolves to them. */
async function inAll(what: string, holds: (seen: Places[string]) => boolean): Promise<Places> {
  let found: Places = {};
  await eventually(
    what,
    async () => {
      found = await everywhere(chats, 'run-1');
      for (const seen of Object.values(found))
        for (const key of ['card', 'thread'] as const) seen[key] = seen[key].replace(/\s+/g, ' ');
      return Object.values(found).every(holds);
    },
    PATIENCE_MS,
  ).catch((error: unknown) => {
    throw new Error(`${what}: ${JSON.stringify(found, null, 1)}`, { cause: error });
  });
  return found;
}

const times = (text: string, words: string) => text.split(words).length - 1;

describe('a followed run in Slack, in Discord and in the page', { timeout: 3 * PATIENCE_MS }, () => {
  it('has one card with its curve, and one ending, over a restart of the bot in its midst', async () => {
    const folder = createProject().run();
    const training = train(folder);
    expect((await chats.bot().ask(`watch ${folder} pid=${training.pid}`)).ok).toBe(true);
    await inAll(
      'its card with a curve while it runs',
      ({ card, hasPicture }) => /Running/.test(card) && hasPicture && /loss/.test(card),
    );
    expect((await inWeb(chats, 'run-1')).live).toBe(true);

    await chats.bot().app.stop();
    await chats.start();
    await chats.connected();
    training.stop();
    await inAll('its ending', ({ thread }) => thread.includes('ended after'));
    await chats.allSaid();
    const found = await inAll('its card', ({ card }) => /Ended after/.test(card));
    for (const [where, { card, cards, hasPicture, thread }] of Object.entries(found)) {
      expect([where, cards, hasPicture]).toEqual([where, 1, true]);
      expect(card).toMatch(
        new RegExp(`Ended after .*: its process ${training.pid} is gone; how it ended is not known`),
      );
      expect(card).toMatch(/loss:? [\d.]+, its training loss/);
      for (const once of ['followed from now on', 'started', `process ${training.pid} is gone`])
        expect([where, once, times(thread, once)]).toEqual([where, once, 1]);
    }
    expect((await inWeb(chats, 'run-1')).live).toBe(true);
  });
});
