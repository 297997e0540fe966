import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../../table.ts';
import { createHome, hear, knowing } from '../bots.ts';
import { Unmeasured, type Workload } from '../measure.ts';

const TRANSITIONS = 20;
/** Between two of them, so that none waits for the one before it. */
const PAUSE_MS = 120;
const WITHIN_MS = 60_000;

/** From a new job's rename of the state to its message on an open stream, p50 of a few, milliseconds. */
export const transition =
  (jobs: number): Workload =>
  async (run, tree) => {
    const home = createHome(run, tree, jobs);
    const bot = await knowing(home);
    const browser = await bot.enter();
    const arrivals = new Map<string, number>();
    const deafen = await hear(browser, (text) => {
      const now = performance.now();
      for (const [id] of text.matchAll(/job-\d{7}/g)) if (!arrivals.has(id)) arrivals.set(id, now);
    });

    async function one(): Promise<number> {
      const id = home.state.enqueue();
      home.state.write();
      const renamed = performance.now();
      while (!arrivals.has(id)) {
        if (performance.now() - renamed > WITHIN_MS) throw new Unmeasured(`no message of ${id} came`);
        await sleep(1);
      }
      await sleep(PAUSE_MS);
      return arrivals.get(id)! - renamed;
    }

    return {
      async sample() {
        const samples: number[] = [];
        for (let count = 0; count < TRANSITIONS; count += 1) samples.push(await one());
        return percentile(samples, 0.5);
      },
      async close() {
        await deafen();
        await bot.stop();
        home.remove();
      },
    };
  };
