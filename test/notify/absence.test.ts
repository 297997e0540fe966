import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { Destination } from '../../src/core/request.ts';
import { createAbsence } from '../../src/notify/absence.ts';
import { openDb } from '../../src/store/db.ts';
import { createKeptValues } from '../../src/store/kept-values.ts';
import { createRecordedHome, enterWeb, STATES, startTestBot } from '../bot.ts';
import { temporaryFolder } from '../helpers.ts';
import { readerOf } from './told.ts';

const MINUTE = 60_000;
const SLACK = { adapter: 'slack', channel: 'C0QUEUE' };
const SLACKS_OTHER = { adapter: 'slack', channel: 'C0OTHER' };
const DISCORD = { adapter: 'discord', channel: '100' };
const START = Date.parse('2026-11-30T06:00:00Z');

describe('an absence', () => {
  function world() {
    let now = START;
    let bootedFor = 1_000;
    const told: { key: string; text: string; only: string | undefined }[] = [];
    const kept = createKeptValues(openDb(temporaryFolder()), 'xaxbot');
    const begin = (replacedUntil?: number) => {
      const absence = createAbsence({
        kept,
        replacedUntil,
        channels: () => [SLACK, SLACKS_OTHER, DISCORD],
        announce: (key: string, message: Message, only?: Destination) =>
          told.push({ key, text: plainText(message, { timezone: 'Asia/Kolkata' }), only: only?.channel }),
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
        only: undefined,
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

  const briefly = ({ told }: ReturnType<typeof world>) =>
    told.map(({ only, text }) => `${only}: ${text.split(',')[0]}`);

  it('of a platform is told there alone, once it was long', () => {
    const all = world();
    const absence = all.begin();
    absence.lost({ adapter: 'slack' });
    all.pass(6);
    absence.lost({ adapter: 'slack' });
    absence.lost({ adapter: 'discord' });
    all.pass(1);
    absence.reached({ adapter: 'slack' });
    absence.reached({ adapter: 'discord' });
    absence.reached({ adapter: 'slack' });
    expect(briefly(all)).toEqual([
      'C0QUEUE: xaxbot could not post here for 7 min',
      'C0OTHER: xaxbot could not post here for 7 min',
    ]);
  });

  it('of a platform is told once, whoever notices first that it is back, its connection or a message', () => {
    const says = [
      'C0QUEUE: xaxbot could not post here for 9 min',
      'C0OTHER: xaxbot could not post here for 9 min',
    ];
    for (const first of ['connection', 'message', 'other message'] as const) {
      const all = world();
      const absence = all.begin();
      absence.lost({ adapter: 'slack' });
      all.pass(2);
      // Several fail in one of its channels, and one alone in the other.
      absence.lost(SLACK, START + MINUTE);
      all.pass(7);
      const steps = {
        connection: () => absence.reached({ adapter: 'slack' }),
        message: () => absence.reached(SLACK, START + MINUTE),
        'other message': () => absence.reached(SLACKS_OTHER, START + 2 * MINUTE),
      };
      steps[first]();
      for (const step of Object.values(steps)) step();
      expect(briefly(all).toSorted(), first).toEqual(says.toSorted());
    }
  });

  it('of a channel is told when it takes messages again, not when its platform connects anew', () => {
    const all = world();
    const absence = all.begin();
    absence.lost(SLACK);
    all.pass(30);
    absence.reached({ adapter: 'slack' });
    absence.reached(SLACKS_OTHER);
    expect(briefly(all)).toEqual([]);
    all.pass(30);
    absence.reached(SLACK, START);
    expect(briefly(all)).toEqual(['C0QUEUE: xaxbot could not post here for 1 h']);
  });

  it('of a connection through which nothing had to be said is none of the messages that get through', () => {
    const all = world();
    const absence = all.begin();
    absence.lost({ adapter: 'slack' });
    all.pass(4);
    absence.reached(SLACK);
    all.pass(60);
    absence.reached({ adapter: 'slack' });
    absence.lost({ adapter: 'slack', channel: 'D0ALONE' });
    all.pass(60);
    absence.reached({ adapter: 'slack', channel: 'D0ALONE' }, START);
    expect(briefly(all)).toEqual([]);
  });

  it('of a platform is told as a whole where the bot began anew meanwhile, stopped or killed', () => {
    for (const isKilled of [true, false]) {
      const all = world();
      const first = all.begin();
      first.lost({ adapter: 'slack' });
      all.pass(3);
      first.there();
      if (!isKilled) first.end();
      // Closing closes the connections of the others.
      if (!isKilled) first.lost({ adapter: 'discord' });
      all.pass(2);
      const second = all.begin();
      second.lost({ adapter: 'slack' });
      for (const minutes of [4, 4, 2]) {
        all.pass(minutes);
        second.there();
      }
      second.reached({ adapter: 'slack' });
      second.reached({ adapter: 'discord' });
      const third = all.begin();
      third.reached({ adapter: 'slack' });
      expect(briefly(all)).toEqual([
        'C0QUEUE: xaxbot could not post here for 15 min',
        'C0OTHER: xaxbot could not post here for 15 min',
      ]);
    }
  });

  it('of a process that was killed as it lost a platform is told as that alone', () => {
    const all = world();
    all.begin().lost({ adapter: 'slack' });
    all.pass(60);
    const second = all.begin();
    second.lost({ adapter: 'slack' });
    all.pass(1);
    second.reached({ adapter: 'slack' });
    expect(briefly(all)).toEqual(['undefined: xaxbot was not running for 1 h']);
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
