import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startSshd } from '../test/servers/sshd/index.ts';
import { spawnBot } from './bot.ts';
import { createStateFile } from './state.ts';
import { type Bench, percentile } from './table.ts';

const REWRITER = fileURLToPath(new URL('./rewriter.ts', import.meta.url));
const QUEUES = 10;
const JOBS = 1_000;
const CPU_SECONDS = 20;
const TRANSITIONS = 40;
/** How long what it takes up at its start may take. */
const QUIET_MS = 20_000;
/** Clock ticks a second in /proc (USER_HZ). */
const TICKS = 100;

/** Ten queues of other hosts, over a real sshd on loopback, each rewritten twice a second. */
export async function benchHosts(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bench-'));
  const homes = Array.from({ length: QUEUES }, (_, index) => join(folder, `box-${index}`));
  const states = homes.map((home) => {
    mkdirSync(home, { recursive: true });
    const state = createStateFile(home, JOBS, join(home, 'runs'));
    state.write();
    return state;
  });
  const size = statSync(join(homes[0]!, 'queue_state.json')).size;
  const sshd = await startSshd({ settings: ['MaxStartups 100:30:200'] });
  mkdirSync(join(folder, 'home'));
  const yaml = join(folder, 'xaxbot.yaml');
  writeFileSync(
    yaml,
    `queues:\n${homes.map((home, index) => `  - {name: box-${index}, host: ${sshd.host}, home: ${home}}\n`).join('')}`,
  );
  const env = { PATH: `${sshd.bin}:${process.env.PATH}`, XAXBOT_CONFIG: yaml };
  const start = async () => {
    const bot = await spawnBot(folder, join(folder, 'home'), env);
    // It takes up what it finds: of each job of the past whose it was, and what it wrote.
    await sleep(QUIET_MS);
    return bot;
  };
  const first = await start();
  await first.stop();
  const bot = await start();
  const moved = () => sshd.network.moved.down + sshd.network.moved.up;
  try {
    const browser = await bot.enter();
    const { seq } = await browser.get<{ seq: number }>('state');
    const abort = new AbortController();
    const arrivals = new Map<string, number>();
    const response = await browser.ask(`api/stream?after=${seq}`, { signal: abort.signal });
    const listening = (async () => {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        const now = performance.now();
        for (const [id] of chunk.matchAll(/box-\d\/job-\d{7}/g)) if (!arrivals.has(id)) arrivals.set(id, now);
      }
    })().catch(() => {});
    const latencies: number[] = [];
    const bytes = moved();
    for (let index = 0; index < TRANSITIONS; index += 1) {
      const at = index % QUEUES;
      const id = `box-${at}/${states[at]!.enqueue()}`;
      states[at]!.write();
      const renamed = performance.now();
      while (!arrivals.has(id)) await sleep(1);
      latencies.push(arrivals.get(id)! - renamed);
    }
    const perChange = (moved() - bytes) / TRANSITIONS;
    abort.abort();
    await listening;

    const rewriters = homes.map((home) =>
      spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', REWRITER, home, String(CPU_SECONDS + 8)],
        { stdio: 'inherit' },
      ),
    );
    await sleep(6_000);
    const clients = childrenOf(bot.pid, 'ssh');
    const helpers = processesNamed('python3', homes.length);
    const before = { bot: bot.cpuSeconds(), ssh: cpuOf(clients), there: cpuOf(helpers), moved: moved() };
    await sleep(CPU_SECONDS * 1_000);
    const percent = (seconds: number) => (seconds / CPU_SECONDS) * 100;
    const used = {
      bot: percent(bot.cpuSeconds() - before.bot),
      ssh: percent(cpuOf(clients) - before.ssh),
      there: percent(cpuOf(helpers) - before.there) / Math.max(1, helpers.length),
      bytes: (moved() - before.moved) / (CPU_SECONDS * 2 * QUEUES),
    };
    await Promise.all(rewriters.map((rewriter) => once(rewriter, 'exit')));
    return {
      name: `${QUEUES} queues of ${JOBS.toLocaleString('en-US')} jobs over ssh, each rewritten twice a second`,
      rows: [
        { what: 'the bot, of a core', value: used.bot, unit: '%', target: null },
        { what: `its ${clients.length} ssh clients, of a core`, value: used.ssh, unit: '%', target: null },
        { what: 'both together', value: used.bot + used.ssh, unit: '%', target: 1 },
        {
          what: `the program on each host (${helpers.length} of them), of a core`,
          value: used.there,
          unit: '%',
          target: 1,
        },
        {
          what: 'state renamed to message on an open stream, p50',
          value: percentile(latencies, 0.5),
          unit: 'ms',
          target: null,
        },
        { what: 'the longest', value: Math.max(...latencies), unit: 'ms', target: 2_000 },
        {
          what: 'bytes moved for a new job, of the state file',
          value: perChange / size,
          unit: 'parts',
          target: 1 / 50,
        },
        {
          what: 'bytes moved for a rewriting, of the state file',
          value: used.bytes / size,
          unit: 'parts',
          target: 1 / 50,
        },
        { what: 'resident memory of the bot', value: bot.residentMb(), unit: 'MB', target: null },
      ],
    };
  } finally {
    await bot.stop();
    await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function stat(pid: number): { name: string; parent: number; seconds: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return {
      name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')),
      parent: Number(fields[1]),
      seconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
    };
  } catch {
    return undefined;
  }
}

const pids = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function childrenOf(parent: number, name: string): number[] {
  return pids().filter((pid) => {
    const found = stat(pid);
    return found?.parent === parent && found.name === name;
  });
}

/** The programs that the bot started over ssh: their command line is the one that it sends. */
function processesNamed(name: string, most: number): number[] {
  return pids()
    .filter((pid) => stat(pid)?.name.startsWith(name.slice(0, 6)))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('sys.stdin.buffer.readline');
      } catch {
        return false;
      }
    })
    .slice(-most);
}

function cpuOf(some: readonly number[]): number {
  return some.reduce((sum, pid) => sum + (stat(pid)?.seconds ?? 0), 0);
}
