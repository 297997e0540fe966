import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { between, judge } from './between.ts';
import { type Door, startDoor } from './door.ts';
import { figure, runs, SEED } from './figures.ts';
import { SAYING } from './network-faults.ts';

const REFUSALS = runs({ full: 40, ci: 3 });
const RUNS = runs({ full: 8, ci: 1 });
/** Calls that are not answered, of each platform in each way and run. */
const CALLS = runs({ full: 2, ci: 1 });
/** Longer than any call is waited for, and all that is waited for one after the other. */
const PATIENCE_MS = runs({ full: 1_800_000, ci: 110_000 });

it(
  'a platform that never answers is told everything once all the same',
  async ({ task }) => {
    let transitions = 0;
    let unanswered = 0;
    const wrong: string[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const { bot, chats, queue } = await between(SEED * 1_000 + run);
      try {
        const began = queue.journal.length;
        const silent = (['before', 'after'] as const).flatMap((when) => [
          chats.slack!.fault(SAYING.slack, { silent: when }, CALLS),
          chats.discord!.fault(SAYING.discord, { silent: when }, CALLS),
        ]);
        for (let count = 0; count < 6; count += 1) {
          queue.act();
          await sleep(100);
        }
        await eventually('calls are not answered', () => silent.some(({ used }) => used() > 0));
        wrong.push(...(await judge(bot, chats, queue, began)));
        transitions += queue.journal.length - began;
        unanswered += silent.reduce((sum, { used }) => sum + used(), 0);
      } finally {
        await bot.app.stop();
        await chats.stop();
      }
    }
    figure(task, {
      attack: `Network: ${unanswered} calls that are never answered, done or not`,
      runs: RUNS,
      result: `of ${transitions} transitions ${wrong.length} lost, doubled or shown wrong`,
    });
    expect(wrong).toEqual([]);
    expect(unanswered).toBeGreaterThanOrEqual(RUNS * CALLS * 2);
  },
  PATIENCE_MS,
);

it(
  'a port that refuses every connection for a while is told everything once it takes them',
  async ({ task }) => {
    const doors: Door[] = [];
    const { bot, chats, queue } = await between(SEED, async ({ slack, discord }) => {
      doors.push(await startDoor(slack!.apiUrl), await startDoor(discord!.api));
      return { SLACK_API_URL: doors[0]!.url, DISCORD_API_URL: doors[1]!.url };
    });
    try {
      const began = queue.journal.length;
      const wrong: string[] = [];
      for (let count = 0; count < REFUSALS; count += 1) {
        for (const door of doors) await door.shut();
        for (let act = 0; act < 6; act += 1) {
          queue.act();
          await sleep(100);
        }
        for (const door of doors) await door.open();
        wrong.push(...(await judge(bot, chats, queue, began)));
      }
      figure(task, {
        attack: 'Network: the port of Slack and of Discord refuses every connection for a while',
        runs: REFUSALS,
        result: `of ${queue.journal.length - began} transitions ${wrong.length} lost, doubled or shown wrong`,
      });
      expect(wrong).toEqual([]);
    } finally {
      await bot.app.stop();
      for (const door of doors) await door.shut();
      await chats.stop();
    }
  },
  PATIENCE_MS,
);
