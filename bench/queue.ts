import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { WebClient } from '../test/web-client.ts';
import { spawnBot } from './bot.ts';
import { createStateFile } from './state.ts';
import { type Bench, percentile } from './table.ts';

const REWRITER = fileURLToPath(new URL('./rewriter.ts', import.meta.url));
const CPU_SECONDS = 20;
const TRANSITIONS = 60;
const READS = ['status', 'jobs limit=200', 'job last', 'help', 'health', 'hypothesis list'];
const READ_ROUNDS = 8;

/** The bot on a queue with `count` jobs: start, memory, CPU at rest, from a state's rename to a message, reads. */
export async function benchQueue(count: number): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bench-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  const state = createStateFile(home, count);
  state.write();
  const first = await spawnBot(folder, home);
  await sleep(1_500);
  await first.stop();
  const bot = await spawnBot(folder, home);
  try {
    const browser = await bot.enter();
    const latencies = await renameToMessage(browser, state);
    const reads = await readCommands(browser);
    const residentMb = bot.residentMb();
    const cpu = await cpuWhileRewritten(bot.cpuSeconds, home);
    const whole = wholeParseCpu(home);
    return {
      name: `A queue with ${count.toLocaleString('en-US')} jobs`,
      rows: [
        {
          what: 'ready after a first start (adoption, log and all)',
          value: first.readyMs / 1000,
          unit: 's',
          target: null,
        },
        { what: 'ready after a restart', value: bot.readyMs / 1000, unit: 's', target: 1.5 },
        { what: 'resident memory', value: residentMb, unit: 'MB', target: count <= 1_000 ? 110 : null },
        {
          what: 'state renamed to message on an open stream, p50',
          value: percentile(latencies, 0.5),
          unit: 'ms',
          target: count <= 1_000 ? 15 : null,
        },
        {
          what: 'state renamed to message on an open stream, p95',
          value: percentile(latencies, 0.95),
          unit: 'ms',
          target: count <= 1_000 ? 50 : null,
        },
        {
          what: `a read command, p95 (${READS.length} commands)`,
          value: percentile(reads, 0.95),
          unit: 'ms',
          target: 80,
        },
        {
          what: 'CPU while the state is rewritten twice a second, of a core',
          value: cpu,
          unit: '%',
          target: count <= 1_000 ? 0.5 : 1,
        },
        { what: 'the same, had the whole file been parsed each time', value: whole, unit: '%', target: null },
      ],
    };
  } finally {
    await bot.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function renameToMessage(
  browser: WebClient,
  state: ReturnType<typeof createStateFile>,
): Promise<number[]> {
  const { seq } = await browser.get<{ seq: number }>('state');
  const abort = new AbortController();
  const response = await browser.ask(`api/stream?after=${seq}`, { signal: abort.signal });
  const arrivals = new Map<string, number>();
  const listening = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const now = performance.now();
      for (const [id] of chunk.matchAll(/job-\d{7}/g)) if (!arrivals.has(id)) arrivals.set(id, now);
    }
  })().catch(() => {});
  const samples: number[] = [];
  for (let index = 0; index < TRANSITIONS; index += 1) {
    const id = state.enqueue();
    state.write();
    const renamed = performance.now();
    while (!arrivals.has(id)) await sleep(1);
    samples.push(arrivals.get(id)! - renamed);
    await sleep(120);
  }
  abort.abort();
  await listening;
  return samples;
}

async function readCommands(browser: WebClient): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < READ_ROUNDS; round += 1) {
    for (const words of READS) {
      const began = performance.now();
      await browser.post('say', { channel: 'queue', thread: null, text: `/xax ${words}` });
      samples.push(performance.now() - began);
    }
  }
  return samples;
}

async function cpuWhileRewritten(cpuSeconds: () => number, home: string): Promise<number> {
  const rewriter = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', REWRITER, home, String(CPU_SECONDS + 6)],
    { stdio: 'inherit' },
  );
  await sleep(4_000);
  const before = cpuSeconds();
  await sleep(CPU_SECONDS * 1_000);
  const used = cpuSeconds() - before;
  await once(rewriter, 'exit');
  return (used / CPU_SECONDS) * 100;
}

/** What JSON.parse of the same file costs twice a second, of a core. */
function wholeParseCpu(home: string): number {
  const before = process.cpuUsage();
  const rounds = 6;
  for (let round = 0; round < rounds; round += 1)
    JSON.parse(readFileSync(join(home, 'queue_state.json'), 'utf8'));
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1e6 / rounds) * 2 * 100;
}
