import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchBot, spawnBot } from '../bot.ts';
import type { Browser } from '../entering.ts';
import { createStateFile } from '../state.ts';
import { type Run, type Tree, Unmeasured } from './measure.ts';

/** A bot does nothing when it takes less than this of a core, over so many seconds. */
const [IDLE, IDLE_S] = [0.05, 2];
/** Longest wait for that, seconds. */
const QUIET_WITHIN_S = 300;

export interface Home {
  folder: string;
  home: string;
  /** Where the run folders of its jobs are: run_1, run_2, … */
  runs: string;
  state: ReturnType<typeof createStateFile>;
  start(): Promise<BenchBot>;
  remove(): void;
}

/** A queue with so many jobs, and a data folder of its own for a version of the bot. */
export function createHome(run: Run, tree: Tree, jobs: number, yaml?: string): Home {
  const folder = mkdtempSync(join(run.folder, 'home-'));
  const [home, runs] = [join(folder, 'xax'), join(folder, 'runs')];
  mkdirSync(home);
  mkdirSync(runs);
  const state = createStateFile(home, jobs, runs);
  state.write();
  if (yaml !== undefined) writeFileSync(join(folder, 'xaxbot.yaml'), yaml);
  return {
    folder,
    home,
    runs,
    state,
    async start() {
      const bot = await spawnBot(folder, home, {}, tree.program);
      run.running.add(bot);
      const { stop } = bot;
      bot.stop = () => {
        run.running.delete(bot);
        return stop();
      };
      return bot;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A bot that was started twice: it knows the running job of its queue, and the machine has its compiled code. */
export async function knowing(home: Home): Promise<BenchBot> {
  const first = await home.start();
  await quiet(first);
  const answer = await say(await first.enter(), 'status');
  const { running } = home.state;
  if (!answer.includes(running)) {
    await first.stop();
    throw new Unmeasured(`the bot does not know ${running}: ${answer.slice(0, 400)}`);
  }
  await first.stop();
  const bot = await home.start();
  await quiet(bot);
  return bot;
}

/** Waits until the bot does nothing, which it does once it has taken up all that it found. */
export async function quiet(bot: BenchBot): Promise<void> {
  for (let waited = 0; waited < QUIET_WITHIN_S; waited += IDLE_S) {
    const before = bot.cpuSeconds();
    await sleep(IDLE_S * 1_000);
    if (bot.cpuSeconds() - before < IDLE * IDLE_S) return;
  }
  throw new Unmeasured(`the bot was still at work after ${QUIET_WITHIN_S} s`);
}

/** Hears what the chat tells a browser from now on, piece by piece. */
export async function hear(browser: Browser, told: (text: string) => void): Promise<() => Promise<void>> {
  const { seq } = await browser.get<{ seq: number }>('state');
  const abort = new AbortController();
  const response = await browser.ask(`api/stream?after=${seq}`, { signal: abort.signal });
  const listening = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) told(chunk);
  })().catch(() => {});
  return async () => {
    abort.abort();
    await listening;
  };
}

/** Types a command in the chat's first channel; resolves to the answer, as JSON text. */
export async function say(browser: Browser, words: string): Promise<string> {
  const response = await browser.postTo('api/say', { channel: 'queue', thread: null, text: `/xax ${words}` });
  const answer = await response.text();
  if (!response.ok || answer.includes('"too-many"'))
    throw new Unmeasured(`"${words}" was refused: ${answer.slice(0, 200)}`);
  return answer;
}
