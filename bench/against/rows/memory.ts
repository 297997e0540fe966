import { createHome, knowing, quiet } from '../bots.ts';
import type { Workload } from '../measure.ts';

/** Resident memory of a bot with the web chat alone, started on a queue that it knows and at rest, MB. */
export const resident =
  (jobs: number): Workload =>
  async (run, tree) => {
    const home = createHome(run, tree, jobs);
    await (await knowing(home)).stop();
    return {
      async sample() {
        const bot = await home.start();
        await quiet(bot);
        const used = bot.residentMb();
        await bot.stop();
        return used;
      },
      async close() {
        home.remove();
      },
    };
  };
