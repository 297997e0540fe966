import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { databaseBytes } from '../../../src/store/backup.ts';
import { DATABASE_FILE } from '../../../src/store/db.ts';
import { type Browser, enter } from '../../entering.ts';
import { createStateFile } from '../../state.ts';
import { percentile } from '../../table.ts';
import type { Answered, Told } from '../../year-bot.ts';
import { say } from '../bots.ts';
import { each, type Run, type Workload } from '../measure.ts';

const PROGRAM = fileURLToPath(new URL('../../year-bot.ts', import.meta.url));
const [DAYS, QUICK_DAYS, JOBS_A_DAY] = [365, 40, 100];
const DAY_MS = 24 * 3_600_000;
/** Jobs that come between two writings of the state. */
const AT_ONCE = 20;
/** One of so many fails. */
const FAILS = 5;
const CHANNELS = ['queue', 'second', 'third'];
/** What people ask each day. */
const DAILY = ['status', 'jobs', 'job last', 'hypothesis list', 'experiment list'];
/** Answered from what the year has become, each as long as on the first day. */
const COMMANDS = [...DAILY, 'job 7', 'scoreboard', 'session', 'health', 'notes', 'since 1h', 'verdicts'];
const ASKED = 9;
const MB = 1e6;
/** Of what takes less a job no line is printed. */
const SHOWN_BYTES = 5;

/** What has become of the database. */
interface Size {
  /** The file with its journal, bytes. */
  bytes: number;
  /** Of it, what nothing stands in. */
  free: number;
}

interface Year {
  /** The database with its journal at the end, MB. */
  mb: number;
  /** Of the command that has slowed down most: the processor's time, p50, of that at the first day's end. */
  slower: number;
}

/** A year of 100 jobs a day in three channels of the web chat, lived in minutes; what of it is told. */
export const year =
  (what: keyof Year): Workload =>
  async (run) =>
    each(async () => (await run.once('year', () => liveYear(run, run.isQuick ? QUICK_DAYS : DAYS)))[what]);

/**
 * A year with a bot whose clock goes along, so that what is forgotten by its age is. Of fewer days the last fifth, in which as much is
 * forgotten as comes, tells how it goes on.
 */
export async function liveYear(run: Run, days: number): Promise<Year> {
  const folder = mkdtempSync(join(run.folder, 'year-'));
  const [home, runs] = [join(folder, 'xax'), join(folder, 'runs')];
  for (const each of [home, runs]) mkdirSync(each);
  const channels = CHANNELS.map((id) => `  - {id: ${id}, title: ${id}}\n`).join('');
  writeFileSync(join(folder, 'xaxbot.yaml'), `channels:\n${channels}`);
  const path = join(folder, 'data', DATABASE_FILE);
  let at = Date.now() - days * DAY_MS;
  const state = createStateFile(home, 1, runs, () => at);
  state.write();
  const bot = await startYear(folder, home, at);
  run.running.add(bot);
  const pass = async (ms: number, hasChanged = true) => {
    at += ms;
    await bot.tell(at, hasChanged);
  };
  const write = async () => {
    await pass(0);
    state.write();
    await pass(0);
  };
  let first = new Map<string, number>();
  const sizes: Size[] = [];
  for (let day = 0; day < days; day += 1) {
    for (let left = JOBS_A_DAY; left > 0; left -= AT_ONCE) {
      for (let index = 0; index < AT_ONCE; index += 1) state.enqueue();
      await write();
      for (let index = 0; index < AT_ONCE; index += 1) {
        at += DAY_MS / JOBS_A_DAY;
        state.advance(index % FAILS === 0 ? 1 : 0);
      }
      await write();
    }
    for (const words of DAILY) await say(bot.browser, words);
    sizes.push(sizeNow(path));
    if (day > 0) continue;
    await answers(bot, pass);
    first = await answers(bot, pass);
  }
  const last = await answers(bot, pass);
  console.log(costs(path, days * JOBS_A_DAY));
  for (const [words, us] of last)
    console.log(
      `  ${words.padEnd(30)} ${ms(first.get(words)!)} ms on the first day, ${ms(us)} ms after ${days}`,
    );
  await bot.stop();
  run.running.delete(bot);
  return {
    mb: bytesAfter(sizes, DAYS) / MB,
    slower: Math.max(...[...last].map(([words, us]) => us / first.get(words)!)),
  };
}

/** The size after so many days, of the sizes of the first of them. */
function bytesAfter(sizes: readonly Size[], days: number): number {
  const last = sizes.at(-1)!;
  if (sizes.length >= days) return last.bytes;
  const before = Math.floor((sizes.length - 1) * 0.8);
  const used = ({ bytes, free }: Size) => bytes - free;
  const aDay = (used(last) - used(sizes[before]!)) / (sizes.length - 1 - before);
  return used(last) + aDay * (days - sizes.length);
}

const ms = (us: number) => (us / 1_000).toFixed(1);

interface YearBot {
  browser: Browser;
  cpu(): number;
  /** It is so late; resolves when the bot has taken in how the queue stands. */
  tell(at: number, hasChanged?: boolean): Promise<void>;
  stop(): Promise<void>;
}

async function startYear(folder: string, home: string, at: number): Promise<YearBot> {
  const { PATH } = process.env;
  const child: ChildProcess = fork(PROGRAM, {
    cwd: folder,
    env: {
      PATH,
      USER: 'root',
      HOME: folder,
      XAX_HOME: home,
      XAXBOT_DATA_DIR: join(folder, 'data'),
      XAXBOT_WEB_PORT: '0',
      LOG_LEVEL: 'error',
      BEGIN_AT: String(at),
    },
  });
  let cpu = 0;
  async function answered(): Promise<Answered> {
    const [answer] = (await once(child, 'message')) as [Answered];
    cpu = answer.cpu;
    return answer;
  }
  const { link } = await answered();
  return {
    browser: await enter(link!),
    cpu: () => cpu,
    async tell(at, hasChanged = true) {
      child.send({ at, hasChanged } satisfies Told);
      await answered();
    },
    async stop() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/** What each command takes of the processor, p50, microseconds. */
async function answers(
  bot: YearBot,
  pass: (ms: number, hasChanged: boolean) => Promise<void>,
): Promise<Map<string, number>> {
  const took = new Map<string, number[]>(COMMANDS.map((words) => [words, []]));
  for (let round = 0; round < ASKED; round += 1)
    for (const [words, each] of took) {
      await pass(60_000, false);
      const before = bot.cpu();
      await say(bot.browser, words);
      await pass(0, false);
      each.push(bot.cpu() - before);
    }
  return new Map([...took].map(([words, each]) => [words, percentile(each, 0.5)]));
}

function sizeNow(path: string): Size {
  const db = new Database(path, { readonly: true });
  const [page, free] = ['page_size', 'freelist_count'].map((name) =>
    Number(db.pragma(name, { simple: true })),
  );
  db.close();
  return { bytes: databaseBytes(path), free: free! * page! };
}

/** What each table and index holds, of a job, where that is anything. */
function costs(path: string, jobs: number): string {
  const db = new Database(path, { readonly: true });
  const parts = db
    .prepare<[], { name: string; bytes: number; rows: number }>(
      'SELECT name, sum(pgsize) AS bytes, sum(ncell) AS rows FROM dbstat GROUP BY name ORDER BY bytes DESC',
    )
    .all();
  db.close();
  return parts
    .map(({ name, bytes, rows }) => ({ name, rows, each: Math.round(bytes / jobs) }))
    .filter(({ each }) => each >= SHOWN_BYTES)
    .map(({ name, rows, each }) => `  ${name.padEnd(30)} ${each} B a job, ${rows} entries`)
    .join('\n');
}
