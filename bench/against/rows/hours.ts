import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '../../entering.ts';
import { writeRun } from '../../metrics-run.ts';
import { createHome, type Home, knowing, quiet, say } from '../bots.ts';
import { slopeOf } from '../growth.ts';
import { each, type Run, type Tree, type Workload } from '../measure.ts';

const HOURS = 24;
/** The hours in which nothing may rise any more. */
const LAST = 12;
const JOBS = 2_000;
/** Before the day; the last of them runs. */
const FIRST_JOBS = 10;
/** Until the bot has seen what a run wrote. */
const SEEN_MS = 1_000;
const BETWEEN_MS = 20;
const READS = ['status', 'jobs', 'job last', 'health', 'hypothesis list'];
const HOUR_S = 3_600;

interface Day {
  /** Resident memory at the end of the day of that at its start. */
  grown: number;
  /** In the last hours, of the start an hour. */
  slope: number;
}

/** Memory over a day that is lived in minutes: as many transitions and reads as 24 hours bring; `what` of it. */
export const dayOfJobs = (what: keyof Day): Workload =>
  day(what, 'jobs', ({ home, browser }, run) => async () => {
    const jobs = (run.isQuick ? JOBS / 10 : JOBS) / HOURS;
    for (let index = 0; index < jobs; index += 1) {
      home.state.enqueue();
      home.state.write();
      await sleep(BETWEEN_MS);
      home.state.advance();
      home.state.write();
      await sleep(BETWEEN_MS);
    }
    for (const words of READS) await say(browser, words);
  });

/** Memory while a run of 24 hours is watched, each hour of it written and its metrics asked for; `what` of it. */
export const watchedRun = (what: keyof Day): Workload =>
  day(what, 'run', ({ home, browser }) => {
    const folder = join(home.runs, `run_${FIRST_JOBS}`);
    let logStep: (step: number) => void;
    return async (hour) => {
      if (hour === 0) logStep = writeRun(folder, HOUR_S, 8);
      else for (let step = 0; step < HOUR_S; step += 10) logStep(hour * HOUR_S + step);
      await say(browser, `metrics ${FIRST_JOBS} value/loss`);
      await sleep(SEEN_MS);
    };
  });

interface Living {
  home: Home;
  browser: Browser;
}

/** What happens in each hour of a day. */
type Hours = (living: Living, run: Run) => (hour: number) => Promise<void>;

function day(what: keyof Day, name: string, hours: Hours): Workload {
  return async (run, tree) =>
    each(async () => (await run.once(`day of ${name} ${tree.label}`, () => live(run, tree, hours)))[what]);
}

async function live(run: Run, tree: Tree, hours: Hours): Promise<Day> {
  const home = createHome(run, tree, FIRST_JOBS);
  const bot = await knowing(home);
  try {
    const hour = hours({ home, browser: await bot.enter() }, run);
    const used: [hour: number, mb: number][] = [];
    for (let index = 0; index <= HOURS; index += 1) {
      used.push([index, bot.residentMb()]);
      if (index < HOURS) await hour(index);
    }
    const start = used[0]![1];
    await quiet(bot);
    return { grown: bot.residentMb() / start, slope: slopeOf(used.slice(-LAST)) / start };
  } finally {
    await bot.stop();
    home.remove();
  }
}
