import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchBot } from '../../bot.ts';
import type { Browser } from '../../entering.ts';
import { percentile } from '../../table.ts';
import { createHome, knowing, quiet, say } from '../bots.ts';
import { each, type Run, type Tree, type Workload } from '../measure.ts';

const [DAYS, QUICK_DAYS, JOBS_A_DAY] = [365, 10, 100];
/** Jobs that come between two writings of the state: the file is as long as the year, and one writing a job would take hours. */
const AT_ONCE = 10;
const CHANNELS = ['queue', 'second', 'third'];
const COMMANDS = ['status', 'jobs', 'job last', 'hypothesis list', 'experiment list'];
const ASKED = 8;
const MB = 1e6;

interface Year {
  /** The database with its journal, a year long, MB. */
  mb: number;
  /** A command's p50 at the end of that at the first day's end. */
  slower: number;
}

/** A year of 100 jobs a day in three channels of the web chat, lived in minutes; what of it is told. */
export const year =
  (what: keyof Year): Workload =>
  async (run, tree) =>
    each(async () => (await run.once(`year ${tree.label}`, () => live(run, tree)))[what]);

async function live(run: Run, tree: Tree): Promise<Year> {
  const yaml = `channels:\n${CHANNELS.map((id) => `  - {id: ${id}, title: ${id}}\n`).join('')}`;
  const home = createHome(run, tree, 1, yaml);
  const bot = await knowing(home);
  const browser = await bot.enter();
  const days = run.isQuick ? QUICK_DAYS : DAYS;
  try {
    let first = Number.NaN;
    for (let day = 0; day < days; day += 1) {
      for (let part = 0; part < JOBS_A_DAY / AT_ONCE; part += 1) {
        for (let index = 0; index < AT_ONCE; index += 1) home.state.enqueue();
        home.state.write();
        await taken(bot);
        for (let index = 0; index < AT_ONCE; index += 1) home.state.advance();
        home.state.write();
        await taken(bot);
      }
      if (day === 0) first = await answers(browser);
    }
    await quiet(bot);
    const last = await answers(browser);
    await bot.stop();
    const data = join(home.folder, 'data');
    const files = readdirSync(data).filter((file) => /\.(db|sqlite)/.test(file));
    const bytes = files.reduce((sum, file) => sum + statSync(join(data, file)).size, 0);
    return { mb: (bytes / MB) * (DAYS / days), slower: last / first };
  } catch (error) {
    await bot.stop();
    throw error;
  } finally {
    home.remove();
  }
}

/** Waits until the bot has worked off what it was shown: it takes no more of the processor for a moment. */
async function taken(bot: BenchBot): Promise<void> {
  for (let before = -1; before !== bot.cpuSeconds(); ) {
    before = bot.cpuSeconds();
    await sleep(60);
  }
}

async function answers(browser: Browser): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < ASKED; round += 1) {
    for (const words of COMMANDS) {
      const began = performance.now();
      await say(browser, words);
      took.push(performance.now() - began);
    }
  }
  return percentile(took, 0.5);
}
