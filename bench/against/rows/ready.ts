import { createHome, quiet } from '../bots.ts';
import type { Workload } from '../measure.ts';
import { fillLog, logIn, merged } from './experiment-log.ts';

/** From the start of a bot that knows so many jobs and experiments to its link into the chat, milliseconds. */
export const ready =
  (jobs: number, experiments: number): Workload =>
  async (run, tree) => {
    const home = createHome(run, tree, jobs);
    const first = await home.start();
    await quiet(first);
    if (experiments > jobs) fillLog(logIn(home.home), experiments, 1);
    if (experiments > jobs) await merged(await first.enter(), 1);
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
