import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { enter } from '../../entering.ts';
import { percentile } from '../../table.ts';
import { createHome, knowing, quiet, say } from '../bots.ts';
import type { Workload } from '../measure.ts';
import { fillLog, logIn, merged } from './experiment-log.ts';
import { putRun, runFolder } from './run-folder.ts';

const [JOBS, ROWS] = [100, 50_000];
const COMMANDS = [
  'status',
  'jobs',
  'job last',
  'help',
  'health',
  'hypothesis list',
  'experiment list',
  'scoreboard',
];
/** Each is asked so often in a sample; one person may ask for four a second for long. */
const [ROUNDS, QUICK_ROUNDS, PAUSE_MS] = [25, 6, 250];
const RUN_SECONDS = 7_200;
const CHART_PAUSE_MS = 500;
const MERGE_MS = 10_000;

/** How long the first answer to a command takes while charts are drawn and a log of 50,000 rows is merged again and again, p99, milliseconds. */
export const firstAnswers: Workload = async (run, tree) => {
  const people = 'people:\n  ada: {name: Ada, role: admin}\n  bob: {name: Bob, role: admin}\n';
  const home = createHome(run, tree, JOBS, people);
  putRun(await runFolder(run, RUN_SECONDS, 16), join(home.runs, 'run_1'));
  const bot = await knowing(home);
  const log = logIn(home.home);
  fillLog(log, ROWS, 0);
  const asking = await bot.enter();
  await merged(asking, 0);
  await quiet(bot);
  // Another person, whose charts are no part of what one person may ask for.
  const link = (await bot.terminal('web-link', 'bob')).match(/http:\S+#enter=\S+/)?.[0];
  const drawing = await enter(link!);
  let turn = 0;
  return {
    async sample() {
      let isOver = false;
      const loop = async (work: () => unknown, pauseMs: number) => {
        while (!isOver) {
          await work();
          await sleep(pauseMs);
        }
      };
      const charts = loop(() => say(drawing, 'metrics 1 value/loss'), CHART_PAUSE_MS);
      const merges = loop(() => {
        turn += 1;
        fillLog(log, ROWS, turn);
      }, MERGE_MS);
      const took: number[] = [];
      for (let round = 0; round < (run.isQuick ? QUICK_ROUNDS : ROUNDS); round += 1) {
        for (const words of COMMANDS) {
          const began = performance.now();
          await say(asking, words);
          took.push(performance.now() - began);
          await sleep(PAUSE_MS);
        }
      }
      isOver = true;
      await Promise.all([charts, merges]);
      await merged(asking, turn);
      return percentile(took, 0.99);
    },
    async close() {
      await bot.stop();
      home.remove();
    },
  };
};
