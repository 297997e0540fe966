import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createHome, knowing } from '../bots.ts';
import type { Workload } from '../measure.ts';

const REWRITER = fileURLToPath(new URL('../../rewriter.ts', import.meta.url));
const [SECONDS, QUICK_SECONDS] = [20, 6];
/** Until the rewriter has read the file and begun. */
const WARM_UP_S = 4;
const FLAGS = ['--disable-warning=ExperimentalWarning'];

/** What following costs, percent of a core, while the state of so many jobs is rewritten twice a second. */
export const rewriting =
  (jobs: number): Workload =>
  async (run, tree) => {
    const home = createHome(run, tree, jobs);
    const bot = await knowing(home);
    const seconds = run.isQuick ? QUICK_SECONDS : SECONDS;
    return {
      async sample() {
        const rewriter = spawn(
          process.execPath,
          [...FLAGS, REWRITER, home.home, String(WARM_UP_S + seconds + 1)],
          { stdio: 'inherit' },
        );
        await sleep(WARM_UP_S * 1_000);
        const used = bot.cpuSeconds();
        await sleep(seconds * 1_000);
        const spent = bot.cpuSeconds() - used;
        await once(rewriter, 'exit');
        return (spent / seconds) * 100;
      },
      async close() {
        await bot.stop();
        home.remove();
      },
    };
  };
