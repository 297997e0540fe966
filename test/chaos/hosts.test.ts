import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { createXaxThere } from '../../src/queue/xax/there.ts';
import { startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { type Sshd, startSshd, whyNoSshd } from '../servers/sshd/index.ts';
import { differences } from './account.ts';
import { heldByWeb } from './chats.ts';
import { figure, runs, SEED } from './figures.ts';
import { createScriptedQueue } from './scripted-queue.ts';

const RUNS = runs({ full: 25, ci: 1 });
/** In each run. */
const FAULTS = runs({ full: 40, ci: 24 });
const PATIENCE_MS = runs({ full: 3_600_000, ci: 240_000 });
const ATTACK = 'Host: its line cut, silent, slow, cut in mid-word, its sshd killed, the bot started anew';
const why = whyNoSshd();

/** What befalls the way to a host; the way back is the next one's. */
const BEFALL: ((sshd: Sshd, random: () => number) => Promise<void> | void)[] = [
  ({ network }) => network.cut(),
  ({ network }, random) => network.cutAfter(Math.floor(random() * 600)),
  ({ network }, random) => network.goSilent(random() < 0.5 ? 'down' : undefined),
  ({ network }, random) => network.slowDown(random() * 60),
  (sshd) => sshd.kill(),
];

it.skipIf(why !== null)(
  `whatever befalls the way to a host, what its queue does is told once${why === null ? '' : ` (not run: ${why})`}`,
  async ({ task }) => {
    const wrong: string[] = [];
    let transitions = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const told = await dayOf(SEED * 1_000 + run);
      wrong.push(...told.wrong);
      transitions += told.transitions;
    }
    figure(task, {
      attack: ATTACK,
      runs: RUNS * FAULTS,
      result: `of ${transitions} transitions ${wrong.length} wrong`,
    });
    expect(wrong).toEqual([]);
  },
  PATIENCE_MS,
);

async function dayOf(seed: number): Promise<{ wrong: string[]; transitions: number }> {
  const folder = temporaryFolder();
  const random = seededRandom(seed);
  const queue = createScriptedQueue(folder, random);
  queue.act();
  const sshd = await startSshd();
  const there = ({ queues: [first] }: Config) => ({
    ...createXaxThere({
      name: first!.name,
      place: { host: sshd.host },
      home: queue.home,
      xaxBin: undefined,
      env: { PATH: `${sshd.bin}:${process.env.PATH}` },
      clock: Date.now,
      log: quietLog,
      timings: { again: { firstMs: 50, longestMs: 200 } },
      connection: { beginMs: 3_000, pingMs: 300, pongMs: 1_000 },
      lostMs: 300,
    }),
    // By whose it is the account knows a card from a post; a host that is away says that of nobody.
    ownerOf: async () => 'root',
  });
  const start = () =>
    startTestBot({
      folder,
      home: queue.home,
      queue: there,
      yaml: 'watch: {defaults: false}\nchannels: [{platform: web, id: queue}]\n',
    });
  let bot = await start();
  try {
    // What a queue has done before it is first seen is not told.
    await eventually('the host is reached', () => bot.queue.snapshot() !== undefined);
    await bot.app.settled();
    const began = queue.journal.length;
    for (let count = 0; count < FAULTS; count += 1) {
      await BEFALL[Math.floor(random() * BEFALL.length)]!(sshd, random);
      for (let act = 0; act < 3; act += 1) {
        queue.act();
        await sleep(random() * 400);
      }
      if (random() < 0.1) {
        await bot.app.stop();
        queue.act();
        bot = await start();
      }
      sshd.network.resume();
      if (random() < 0.5 || count === FAULTS - 1) await sshd.restart();
    }
    sshd.network.resume();
    await eventually('the host is reached', () => bot.queue.health().ok);
    await eventually('all is told', async () => {
      await bot.queue.refresh().catch(() => {});
      await bot.app.settled();
      return bot.app.waiting() === 0 && isAsItIs(bot, queue);
    });
    const { jobs, waiting } = queue;
    const held = await heldByWeb(bot);
    const wrong = differences(held, { journal: queue.journal.slice(began), jobs, waiting });
    return { wrong, transitions: queue.journal.length - began };
  } finally {
    await bot.app.stop();
    await sshd.stop();
  }
}

function isAsItIs(
  { queue }: Awaited<ReturnType<typeof startTestBot>>,
  { waiting }: ReturnType<typeof createScriptedQueue>,
): boolean {
  return (queue.snapshot()?.order ?? []).join() === waiting.join();
}
