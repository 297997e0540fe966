import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createAbsence } from '../../src/notify/absence.ts';
import { openDb } from '../../src/store/db.ts';
import { createKeptValues } from '../../src/store/kept-values.ts';
import { createRecordedHome, enterWeb, STATES, startTestBot } from '../bot.ts';
import { temporaryFolder } from '../helpers.ts';
import { readerOf } from './told.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-30T06:00:00Z');

describe('an absence', () => {
  function world() {
    let now = START;
    let bootedFor = 1_000;
    const told: { key: string; text: string; adapter: string | undefined }[] = [];
    const kept = createKeptValues(openDb(temporaryFolder()), 'xaxbot');
    const begin = (replacedUntil?: number) => {
      const absence = createAbsence({
        kept,
        replacedUntil,
        announce: (key: string, message: Message, adapter?: string) =>
          told.push({ key, text: plainText(message, { timezone: 'Asia/Kolkata' }), adapter }),
        clock: () => now,
        uptime: () => bootedFor,
      });
      absence.begin();
      return absence;
    };
    return {
      told,
      begin,
      pass: (minutes: number) => {
        now += minutes * MINUTE;
        bootedFor += Math.max(0, minutes * 60);
      },
      setClock: (minutes: number) => {
        now += minutes * MINUTE;
      },
    };
  }

  it('is told with its length and its times, as from the last sign of life of a process that was killed', () => {
    const { told, begin, pass } = world();
    const first = begin();
    pass(3);
    first.there();
    pass(192);
    begin();
    expect(told).toEqual([
      {
        key: `absent:${START + 3 * MINUTE}`,
        adapter: undefined,
        text: expect.stringMatching(
          /^xaxbot was not running for 3 h 12 min, from .*11:33.* to .*14:45.*\. What happened in the queue meanwhile is told now\.$/,
        ),
      },
    ]);
  });

  it('is none where it was short, where the bot was never there before, or where it was stopped just now', () => {
    const { told, begin, pass } = world();
    const first = begin();
    pass(4);
    begin();
    pass(100);
    first.end();
    pass(4);
    begin();
    expect(told).toEqual([]);
  });

  it('is told of a machine that slept while the bot ran on it, and of no clock that was set', () => {
    const { told, begin, pass, setClock } = world();
    const absence = begin();
    pass(2);
    absence.there();
    setClock(90);
    absence.there();
    setClock(-300);
    absence.there();
    pass(4);
    absence.there();
    expect(told).toEqual([]);
    pass(61);
    absence.there();
    absence.there();
    expect(told.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^xaxbot, or the machine it is on, stood still for 1 h 1 min, from /),
    ]);
  });

  it('is told after a clock was set back, from then on', () => {
    const { told, begin, pass } = world();
    const first = begin();
    pass(-60);
    first.there();
    pass(30);
    begin();
    expect(told.map(({ key }) => key)).toEqual([`absent:${START - 60 * MINUTE}`]);
  });

  it('is not what lies between a backup and the database that it replaced', () => {
    const { told, begin, pass } = world();
    begin();
    pass(20 * 60);
    begin(START + 20 * 60 * MINUTE - MINUTE);
    expect(told).toEqual([]);
    pass(10);
    begin(START + 20 * 60 * MINUTE - MINUTE);
    expect(told.map(({ key }) => key)).toEqual([`absent:${START + 20 * 60 * MINUTE}`]);
  });

  it('of a platform is told there alone', () => {
    const { told, begin, pass } = world();
    const absence = begin();
    pass(7);
    absence.reached('slack', START);
    absence.reached('discord', START + 6 * MINUTE);
    expect(told.map(({ adapter, text }) => [adapter, text.split(',')[0]])).toEqual([
      ['slack', 'xaxbot could not post here for 7 min'],
    ]);
  });

  it('is told in the channel before what happened meanwhile, and once', async () => {
    const folder = temporaryFolder();
    const home = createRecordedHome(folder);
    home.show(STATES[0]!);
    const start = (leastMs: number) =>
      startTestBot({ folder, home: home.home, timings: { absence: { leastMs, everyMs: 0 } } });
    const first = await start(10 * MINUTE);
    await enterWeb(first);
    await first.app.stop();
    home.show(STATES[4]!);
    for (const count of [1, 1]) {
      const bot = await start(count === 1 ? 0 : 10 * MINUTE);
      const { channel } = await (await readerOf(bot))();
      await bot.app.stop();
      const about = channel.map((text) => text.startsWith('xaxbot was not running'));
      expect(about.filter(Boolean).length).toBeGreaterThanOrEqual(1);
      expect(about.indexOf(true)).toBeLessThan(channel.findIndex((text) => /^ToyRegression job/.test(text)));
    }
  });
});
