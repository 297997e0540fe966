import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { openDb } from '../../src/store/db.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { differences, endingDifferences, logDifferences } from './account.ts';
import { crash, isUp, spawnHurriedBot } from './bot-process.ts';
import { type Platform, startChats } from './chats.ts';
import { watchMoments } from './moments.ts';
import { createScriptedQueue } from './scripted-queue.ts';
import { logRows, openPythonReader } from './strict-csv.ts';

/** Moments at which a bot is killed while it is started on what an older version left. */
export const UPGRADE_STEPS = [
  'start: the lock is taken',
  'upgrade: the copy is begun',
  'upgrade: the copy is made',
  'database: written ahead',
];
const CALLS: Record<Exclude<Platform, 'web'>, string[]> = {
  slack: ['connection opened', 'card edited', 'picture begun', 'picture sent', 'picture complete'],
  discord: ['connection opened', 'card edited', 'message with a picture posted', 'thread opened'],
};
/** A message is looked for by whoever comes after one that was killed while it posted. */
const LOOKED_FOR = [
  ['message posted, arrived', 'message looked for, done'],
  ['message posted, done', 'message looked for, arrived'],
  ['message posted, answered', 'message looked for, answered'],
];
/** What comes again and again, and not only the first time matters. */
const OFTEN = /message posted|card edited|database/;
/** At any moment: not a named one. */
const ANY = 'any';

/** The moments at which a bot on these platforms is killed, those together that come one after the other; `any` now and then. */
export function stepsOf(platforms: readonly Platform[]): string[][] {
  const calls = (['slack', 'discord'] as const)
    .filter((name) => platforms.includes(name))
    .flatMap((name) =>
      [
        ...CALLS[name].flatMap((call) =>
          ['arrived', 'done', 'answered'].map((moment) => [`${call}, ${moment}`]),
        ),
        ...LOOKED_FOR,
      ].map((steps) => steps.map((step) => `${name}: ${step}`)),
    );
  const others = [
    'queue: the state is renamed',
    'database: written ahead',
    'start: the lock is taken',
    'experiment log: the new file is written',
    'experiment log: renamed',
    ...Array.from({ length: 5 }, () => ANY),
  ];
  return [...calls, ...others.map((step) => [step])];
}

/** How long a bot is let live for the moment to come, once it is up and nothing more happens, milliseconds. */
const PATIENCE_MS = 2_000;
/** Until the last of it is told, on a busy machine. */
const ALL_SAID_MS = 300_000;
/** A start takes about this long. */
const START_MS = 1_500;
/** Schema version of the older bot whose data some worlds begin with. */
const OLDER = 17;

/** A queue, the chats, and a bot between them that is killed again and again. */
export async function openCrashWorld(options: {
  seed: number;
  platforms: readonly Platform[];
  isOld: boolean;
}) {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const random = seededRandom(options.seed);
  const chats = await startChats(options.platforms);
  const queue = createScriptedQueue(folder, random);
  const moments = watchMoments(chats);
  const python = openPythonReader();
  const bot = { folder, home: queue.home, env: chats.env };
  /** What went wrong so far. */
  const wrong: string[] = [];
  /** How often a bot was killed at each of the moments. */
  const killedAt = new Map<string, number>();
  let known = 0;
  let log: string | undefined;

  writeFileSync(join(folder, 'xaxbot.yaml'), chats.yaml);
  mkdirSync(data, { mode: 0o700 });
  if (options.isOld) openDb(data, { migrations: MIGRATIONS.slice(0, OLDER) }).close();
  moments.watchFolder(data);
  for (let index = 0; index < 5; index += 1) queue.act();

  function act(): void {
    queue.act();
    moments.seen('queue: the state is renamed');
  }

  /** One life of the bot, to the moment that `step` names; nothing happens meanwhile where the queue `isStill`. */
  async function live(step: string, { isStill = false } = {}): Promise<void> {
    const process = spawnHurriedBot(bot);
    let isDead = false;
    const dead = new Promise<void>((resolve) => process.once('exit', () => resolve())).then(() => {
      isDead = true;
    });
    const pause = (ms: number) => Promise.race([sleep(ms), dead]);
    const kill = () => void process.kill('SIGKILL');
    if (step === ANY) setTimeout(kill, random() * 2 * START_MS);
    else
      moments.want(step, OFTEN.test(step) ? 1 + Math.floor(random() * 4) : 1, () => {
        killedAt.set(step, (killedAt.get(step) ?? 0) + 1);
        kill();
      });
    const up = isUp(process).catch(() => {});
    if (!isStill && random() < 0.3) {
      await pause(random() * START_MS);
      if (!isDead) act();
    }
    await up;
    for (let left = isStill ? 0 : 2 + random() * 5; left > 0 && !isDead; left -= 1) {
      act();
      await pause(random() * random() * 120);
    }
    await pause(PATIENCE_MS);
    await crash(process);
    if (process.signalCode !== 'SIGKILL') wrong.push(`the bot ended by itself: ${process.exitCode}`);
    await lookAtLog(step);
    if (!isStill && random() < 0.5) queue.act();
  }

  /** The log as the crash left it: whole, and with every row that it had. */
  async function lookAtLog(step: string): Promise<void> {
    log ??= logIn(join(queue.home, 'experiments'));
    if (log === undefined) return;
    try {
      const rows = logRows(readFileSync(log, 'utf8'));
      const counted = await python.count(log);
      if (counted !== String(rows.length)) wrong.push(`after ${step}, Python reads ${counted} rows`);
      if (rows.length < known) wrong.push(`after ${step}, the log has ${rows.length} of ${known} rows`);
      known = rows.length;
    } catch (error) {
      wrong.push(`after ${step}, the log is broken: ${error}`);
    }
  }

  return {
    killedAt: killedAt as ReadonlyMap<string, number>,
    counts: moments.counts,
    live,
    /** A bot sees the queue for the first time, and tells nothing of what it finds. */
    async adopt(): Promise<void> {
      await live(ANY, { isStill: true });
      const process = spawnHurriedBot(bot);
      await isUp(process);
      await crash(process);
      log = await eventually('the experiment log', () => logIn(join(queue.home, 'experiments')));
      moments.watchFolder(join(log, '..'));
    },
    /** What the chats and the log hold at last, compared with the queue's own journal, which `began` so long ago; and the end of all. */
    async judge(began: number): Promise<string[]> {
      for (let start = 0; start < 2; start += 1) {
        const last = await startTestBot(bot);
        try {
          do {
            await eventually('all is said', () => last.app.waiting() === 0, ALL_SAID_MS);
            await last.app.settled();
          } while (last.app.waiting() > 0);
          const truth = { journal: queue.journal.slice(began), jobs: queue.jobs, waiting: queue.waiting };
          for (const [platform, held] of await chats.held(last)) {
            const found = differences(held, truth);
            if (platform !== 'slack') found.push(...endingDifferences(held, truth));
            wrong.push(...found.map((text) => `${platform}: ${text}`));
          }
        } finally {
          await last.app.stop();
        }
      }
      wrong.push(...logDifferences(logRows(readFileSync(log!, 'utf8')), queue.jobs));
      return [...new Set(wrong)];
    },
    told: () => queue.journal.length,
    async close(): Promise<void> {
      moments.stop();
      python.close();
      await chats.stop();
    },
  };
}

function logIn(experiments: string): string | undefined {
  if (!existsSync(experiments)) return undefined;
  return readdirSync(experiments)
    .map((name) => join(experiments, name, 'experiment_log.csv'))
    .find((path) => existsSync(path));
}

/** So many lives of one world, at the steps in turn; resolves to what was wrong, and how often it was killed where. */
export async function crashAgainAndAgain(options: {
  seed: number;
  platforms: readonly Platform[];
  kills: number;
}): Promise<{ wrong: string[]; killedAt: ReadonlyMap<string, number>; kills: number; transitions: number }> {
  const { seed, platforms, kills } = options;
  const isOld = seed % 2 === 1;
  const world = await openCrashWorld({ seed, platforms, isOld });
  try {
    const upgrades = isOld ? UPGRADE_STEPS : [];
    for (const step of upgrades) await world.live(step, { isStill: true });
    await world.adopt();
    const began = world.told();
    const steps = shuffled(stepsOf(platforms), seededRandom(seed)).flat();
    const left = kills - upgrades.length - 2;
    for (let life = 0; life < left; life += 1) await world.live(steps[life % steps.length]!);
    const wrong = await world.judge(began);
    return { wrong, killedAt: world.killedAt, kills, transitions: world.told() - began };
  } finally {
    await world.close();
  }
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
