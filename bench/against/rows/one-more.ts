import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeRun } from '../../metrics-run.ts';
import { percentile } from '../../table.ts';
import { createHome, knowing } from '../bots.ts';
import type { Workload } from '../measure.ts';
import { askMetrics } from './run-folder.ts';

const POINTS = 12;
const PAUSE_MS = 60;

/** What an ask for metrics takes longer when each tag of a run of so many seconds has got one more point, milliseconds. */
export const oneMore =
  (seconds: number): Workload =>
  async (run, tree) => {
    const home = createHome(run, tree, 4);
    const logStep = writeRun(join(home.runs, 'run_1'), seconds, 1);
    const bot = await knowing(home);
    const browser = await bot.enter();
    await askMetrics(browser, 1);
    let step = seconds;
    return {
      async sample() {
        const more: number[] = [];
        for (let count = 0; count < POINTS; count += 1) {
          await sleep(PAUSE_MS);
          const known = await askMetrics(browser, 1);
          step += 10;
          logStep(step);
          more.push((await askMetrics(browser, 1)) - known);
        }
        return Math.max(percentile(more, 0.5), RESOLUTION_MS);
      },
      async close() {
        await bot.stop();
        home.remove();
      },
    };
  };

/** What an HTTP request can tell apart here. */
const RESOLUTION_MS = 0.1;
