import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchBot } from '../../bot.ts';
import { percentile } from '../../table.ts';
import { createHome, knowing } from '../bots.ts';
import type { Workload } from '../measure.ts';
import { askMetrics, putRun, runFolder } from './run-folder.ts';

/** More than anybody asks for in one row: each sample takes a job whose run nobody has read. */
const JOBS = 100;
/** Asks of a small run before it counts, so that what it takes is loaded. */
const WARM_SECONDS = 600;
const PING_MS = 1;

interface Read {
  /** Until the answer, milliseconds. */
  ms: number;
  /** The longest that anything else waited for the bot meanwhile above what it waits at rest, milliseconds. */
  heldMs: number;
  /** The most resident memory meanwhile above that before, MB. */
  aboveMb: number;
}

/** Reading all points of a run that the bot has not read, asked in the chat; what of it is told, in its unit. */
export const reading =
  (seconds: number, { tags = 16, what = 'ms' as keyof Read } = {}): Workload =>
  async (run, tree) => {
    const [folder, small] = [await runFolder(run, seconds, tags), await runFolder(run, WARM_SECONDS, tags)];
    const home = createHome(run, tree, JOBS);
    const bot = await knowing(home);
    const browser = await bot.enter();
    let job = 1;
    const read = async (from: string): Promise<Read> => {
      const to = join(home.runs, `run_${job}`);
      putRun(from, to);
      const found = await watched(bot, () => askMetrics(browser, job));
      job += 1;
      rmSync(to, { recursive: true });
      return found;
    };
    await read(small);
    return {
      sample: async () => (await read(folder))[what],
      async close() {
        await bot.stop();
        home.remove();
      },
    };
  };

/** Does something while it looks how long others wait, and how much memory it takes. */
async function watched(bot: BenchBot, work: () => Promise<number>): Promise<Read> {
  const ping = async () => {
    const began = performance.now();
    await (await fetch(bot.link, { method: 'HEAD' })).arrayBuffer();
    return performance.now() - began;
  };
  const atRest: number[] = [];
  for (let count = 0; count < 20; count += 1) atRest.push(await ping());
  // Linux: the peak begins anew (proc(5), clear_refs).
  writeFileSync(`/proc/${bot.pid}/clear_refs`, '5');
  const before = bot.residentMb();
  let isOver = false;
  const waits: number[] = [];
  const pinging = (async () => {
    while (!isOver) {
      waits.push(await ping());
      await sleep(PING_MS);
    }
  })();
  const ms = await work().finally(() => {
    isOver = true;
  });
  await pinging;
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${bot.pid}/status`, 'utf8'))![1]) / 1024;
  return { ms, heldMs: Math.max(...waits) - percentile(atRest, 0.5), aboveMb: Math.max(0, peak - before) };
}
