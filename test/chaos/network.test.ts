import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { between, judge } from './between.ts';
import { figure, runs, SEED } from './figures.ts';
import { networkFaults, type Remote, SAYING } from './network-faults.ts';

const RUNS = runs({ full: 10, ci: 1 });
/** In each run. */
const FAULTS = runs({ full: 100, ci: 40 });
const PATIENCE_MS = runs({ full: 3_600_000, ci: 300_000 });
/** As many of the longest pauses of these tests (`test/bot.ts`) as an hour has of the bot's own, a minute each. */
const HOUR_MS = runs({ full: 60_000, ci: 3_000 });
const JOBS_TIMED = runs({ full: 60, ci: 10 });
/** What nobody would call a delay, on a busy machine. */
const DELAY_MS = 5_000;

it(
  'whatever goes wrong on the way to a platform, everything is told once',
  async ({ task }) => {
    const wrong: string[] = [];
    const met = new Set<string>();
    let transitions = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const { bot, chats, queue, random } = await between(SEED * 1_000 + run);
      try {
        const began = queue.journal.length;
        const faults = Object.entries(networkFaults(chats, random));
        for (let count = 0; count < FAULTS; count += 1) {
          const [name, befall] = faults[(count + run * 7) % faults.length]!;
          befall();
          met.add(name);
          queue.act();
          await sleep(random() * 120);
        }
        chats.slack!.clearFaults();
        chats.discord!.clearFaults();
        wrong.push(...(await judge(bot, chats, queue, began)));
        transitions += queue.journal.length - began;
      } finally {
        await bot.app.stop();
        await chats.stop();
      }
    }
    figure(task, {
      attack: `Network: ${met.size} kinds of fault in calls and sockets of Slack and Discord`,
      runs: RUNS * FAULTS,
      result: `of ${transitions} transitions ${wrong.length} lost, doubled or shown wrong`,
    });
    expect(wrong).toEqual([]);
  },
  PATIENCE_MS,
);

it(
  'an hour without any platform is told once, folded, when they are back, and so is that hour',
  async ({ task }) => {
    const { bot, chats, queue } = await between(SEED, undefined, HOUR_MS / 2);
    try {
      const began = queue.journal.length;
      chats.slack!.down();
      chats.discord!.down();
      for (let count = 0; count < 150; count += 1) {
        queue.act();
        await sleep(HOUR_MS / 150);
      }
      chats.slack!.up();
      chats.discord!.up();
      const wrong = await judge(bot, chats, queue, began);
      const held = await chats.held(bot);
      const folded = (['slack', 'discord'] as const).filter((name) =>
        held.get(name)!.some(({ text }) => text.includes('While I was away')),
      );
      const absences = [...held].map(
        ([name, messages]) =>
          `${name} ${messages.filter(({ text }) => text.includes('xaxbot could not post here')).length}`,
      );
      figure(task, {
        attack: 'Network: Slack and Discord down for an hour of their pauses',
        runs: 1,
        result: `of ${queue.journal.length - began} transitions ${wrong.length} lost or doubled, folded in ${folded.join(' and ')}; times that the absence was told: ${absences.join(', ')}`,
      });
      expect(wrong).toEqual([]);
      expect(folded).toEqual(['slack', 'discord']);
      expect(absences).toEqual(['web 0', 'slack 1', 'discord 1']);
    } finally {
      await bot.app.stop();
      await chats.stop();
    }
  },
  PATIENCE_MS,
);

it(
  'a platform that fails at everything delays no other',
  async ({ task }) => {
    const calm = await delays(undefined);
    const withoutDiscord = await delays('discord');
    const withoutSlack = await delays('slack');
    figure(task, {
      attack: 'Network: one platform answers 503 to everything',
      runs: JOBS_TIMED * 3,
      result: `95% told by Slack within ${withoutDiscord.slack} ms (undisturbed ${calm.slack} ms), by Discord within ${withoutSlack.discord} ms (undisturbed ${calm.discord} ms)`,
    });
    expect(withoutDiscord.slack).toBeLessThan(Math.max(DELAY_MS, 4 * calm.slack));
    expect(withoutSlack.discord).toBeLessThan(Math.max(DELAY_MS, 4 * calm.discord));
  },
  PATIENCE_MS,
);

/** Within which time 95 of 100 jobs are told of by each platform, where one is broken, milliseconds; NaN where it is that one. */
async function delays(broken: Remote | undefined): Promise<Record<Remote, number>> {
  const { bot, chats, queue } = await between(SEED);
  const slack = chats.slack!;
  const discord = chats.discord!;
  try {
    if (broken) chats[broken]!.fault(SAYING[broken], { status: 503 }, Number.POSITIVE_INFINITY);
    const from = { slack: slack.requests.length, discord: discord.log.length };
    const jobs = new Map<string, number>();
    for (let count = 0; count < JOBS_TIMED; count += 1) {
      jobs.set(queue.enqueueNow(), Date.now());
      await sleep(100);
    }
    const said = {
      slack: () =>
        slack.requests
          .slice(from.slack)
          .filter(({ method }) => method === 'chat.postMessage')
          .map(({ args, at }) => ({ body: args.blocks as unknown, at })),
      discord: () =>
        discord.log.slice(from.discord).filter(({ method, status }) => method === 'POST' && status === 200),
    };
    const ofJobs = (remote: Remote): number[] => {
      const texts = said[remote]().map(({ body, at }) => ({ text: JSON.stringify(body), at }));
      return [...jobs].flatMap(([jobId, since]) => {
        const first = texts.find(({ text }) => text.includes(jobId));
        return first ? [first.at - since] : [];
      });
    };
    const [working] = (['slack', 'discord'] as const).filter((remote) => remote !== broken);
    await eventually('all is told', () => ofJobs(working!).length === jobs.size);
    return { slack: part95(ofJobs('slack')), discord: part95(ofJobs('discord')) };
  } finally {
    slack.clearFaults();
    discord.clearFaults();
    await bot.app.stop();
    await chats.stop();
  }
}

function part95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(0.95 * (sorted.length - 1))] ?? Number.NaN);
}
