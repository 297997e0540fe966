import { setTimeout as sleep } from 'node:timers/promises';
import { createHome, quiet } from '../bots.ts';
import type { Workload } from '../measure.ts';
import { fillLog, logIn } from './experiment-log.ts';

/** It looks at the log every so often. */
const NOTICED_MS = 15_000;

/** From the start of a bot that knows so many jobs and experiments to its link into the chat, milliseconds. */
export const ready =
  (jobs: number, experiments: number): Workload =>
  async (run, tree) => {
    const home = createHome(run, tree, jobs);
    const first = await home.start();
    await quiet(first);
    if (experiments > jobs) fillLog(logIn(home.home), experiments, 1);
    await sleep(NOTICED_MS);
    await quiet(first);
    await first.stop();
    return {
      async sample() {
        const bot = await home.start();
        await quiet(bot);
        await bot.stop();
        return bot.readyMs;
      },
      async close() {
        home.remove();
      },
    };
  };
