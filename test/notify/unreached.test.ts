import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRecordedHome, STATES, startTestBot } from '../bot.ts';
import { type Chats, startChats } from '../chaos/chats.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

const REMOTE = ['slack', 'discord'] as const;
/** How long it is away before it says so, and how long it is away here, milliseconds. */
const LEAST_MS = 1_500;
const AWAY_MS = 2_500;

describe('a platform that is away while the bot runs', () => {
  let chats: Chats;
  let home: ReturnType<typeof createRecordedHome>;
  let folder: string;
  let bot: Awaited<ReturnType<typeof startTestBot>>;
  const start = async () => {
    bot = await startTestBot({
      folder,
      home: home.home,
      env: chats.env,
      timings: { absence: { leastMs: LEAST_MS, everyMs: 0 } },
    });
  };
  beforeEach(async () => {
    folder = temporaryFolder();
    home = createRecordedHome(folder);
    home.show(STATES[0]!);
    chats = await startChats(REMOTE);
    writeFileSync(join(folder, 'xaxbot.yaml'), chats.yaml);
    await start();
    await allUp();
    await eventually('all is said', () => bot.app.waiting() === 0);
  });
  afterEach(async () => {
    await bot.app.stop();
    await chats.stop();
  });

  const health = () => bot.app.health().filter(({ name }) => name === 'slack' || name === 'discord');
  const allUp = () => eventually('both are reached', () => health().every(({ ok }) => ok));
  const turn = (way: 'down' | 'up') => {
    for (const name of REMOTE) chats[name]![way]();
  };
  /** What each channel was told of an absence, once all is said. */
  async function told(): Promise<string[]> {
    await allUp();
    await eventually('all is said', () => bot.app.waiting() === 0);
    await bot.app.settled();
    await eventually('all is said', () => bot.app.waiting() === 0);
    const held = await chats.held(bot);
    return [...held].flatMap(([name, messages]) =>
      messages
        .filter(({ text }) => text.includes('xaxbot could not post here'))
        .map(({ text }) => `${name}: ${/for (\d+) s/.exec(text)?.[1]} s`),
    );
  }
  const away = (least: number) => {
    const lengths = [0, 1, 2, 3].map((more) => Math.floor(least / 1_000) + more);
    return (name: string) => expect.stringMatching(new RegExp(`^${name}: (${lengths.join('|')}) s$`));
  };

  it('is told so there, once, whether or not something had to be said meanwhile', async () => {
    for (const isBusy of [false, true]) {
      const before = (await told()).length;
      turn('down');
      await eventually('health says so', () => health().every(({ ok }) => !ok));
      if (isBusy) {
        home.show(STATES[4]!);
        await bot.queue.refresh();
      }
      await sleep(AWAY_MS);
      turn('up');
      expect(await told()).toHaveLength(before + 2);
    }
  });

  it('is told of the whole of it where the bot began anew meanwhile', async () => {
    turn('down');
    await eventually('health says so', () => health().every(({ ok }) => !ok));
    await sleep(AWAY_MS);
    await bot.app.stop();
    await start();
    await sleep(AWAY_MS / 2);
    turn('up');
    const isLong = away(AWAY_MS * 1.5);
    expect(await told()).toEqual([isLong('slack'), isLong('discord')]);
  });

  it('is told nothing where it was away for a moment', async () => {
    turn('down');
    await eventually('health says so', () => health().every(({ ok }) => !ok));
    turn('up');
    expect(await told()).toEqual([]);
  });

  it('is told so where its API failed, and its connection stood', async () => {
    chats.slack!.fault('chat.postMessage', { status: 503 }, Number.POSITIVE_INFINITY);
    home.show(STATES[4]!);
    await bot.queue.refresh();
    await sleep(AWAY_MS);
    chats.slack!.clearFaults();
    expect(await told()).toEqual([away(AWAY_MS)('slack')]);
  });
});
