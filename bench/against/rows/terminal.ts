import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import type { BenchBot } from '../../bot.ts';
import { createHome, knowing } from '../bots.ts';
import { type Tree, Unmeasured, type Workload } from '../measure.ts';

const JOBS = 100;
/** A way to type a command on the host: its program and the words before the command. */
type Typed = (tree: Tree) => readonly [program: string, ...words: string[]];

/** As an installed xaxbot is called. */
export const asInstalled: Typed = ({ program }) => [process.execPath, program];
/** As a checkout is called. */
export const throughNpm: Typed = ({ root }) => ['npm', '--prefix', root, 'run', '-s', 'xaxbot', '--'];

/** A command typed on the host while the bot runs, from its start to its end, milliseconds. */
export const terminal =
  (typed: Typed): Workload =>
  async (run, tree) => {
    const home = createHome(run, tree, JOBS);
    const bot = await knowing(home);
    return {
      sample: () => took([...typed(tree), 'status'], bot),
      async close() {
        await bot.stop();
        home.remove();
      },
    };
  };

async function took([program, ...words]: readonly string[], bot: BenchBot): Promise<number> {
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  const began = performance.now();
  const asked = spawn(program!, words, { env: { ...bot.env, PATH }, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  asked.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(asked, 'close');
  if (code !== 0 || !text.includes('job-')) throw new Unmeasured(`${program} ended with ${code}: ${text}`);
  return performance.now() - began;
}
