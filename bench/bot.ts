import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWebClient, type WebClient } from '../test/web-client.ts';

const PROGRAM = fileURLToPath(new URL('../bin/xaxbot.js', import.meta.url));
/** Clock ticks a second in /proc (USER_HZ). */
const TICKS = 100;

export interface BenchBot {
  home: string;
  pid: number;
  env: NodeJS.ProcessEnv;
  /** From the spawn to the printed link, milliseconds. */
  readyMs: number;
  /** A browser that is signed in. */
  enter(): Promise<WebClient>;
  /** Resident memory, MB. */
  residentMb(): number;
  /** CPU time so far, seconds. */
  cpuSeconds(): number;
  /** A terminal command; resolves to what it printed. */
  terminal(...argv: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** The bot as users start it, in a process of its own. */
export async function spawnBot(
  folder: string,
  home: string,
  more: NodeJS.ProcessEnv = {},
): Promise<BenchBot> {
  mkdirSync(home, { recursive: true });
  const { PATH, USER } = process.env;
  const env = {
    PATH,
    USER: USER ?? 'root',
    HOME: folder,
    XAX_HOME: home,
    XAXBOT_DATA_DIR: join(folder, 'data'),
    XAXBOT_WEB_PORT: '0',
    LOG_LEVEL: 'error',
    ...more,
  };
  const began = performance.now();
  const bot: ChildProcess = spawn(process.execPath, [PROGRAM, 'start'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  const link = await new Promise<string>((resolve, reject) => {
    bot.once('exit', () => reject(new Error(`the bot ended: ${printed}`)));
    bot.stdout!.on('data', (chunk) => {
      printed += chunk;
      const found = /http:\S+#enter=\S+/.exec(printed)?.[0];
      if (found) resolve(found);
    });
  });
  const readyMs = performance.now() - began;
  const base = new URL('/', link).href;
  return {
    home,
    pid: bot.pid!,
    env,
    readyMs,
    async enter() {
      const client = createWebClient(base);
      await client.enter(link);
      return client;
    },
    residentMb: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${bot.pid}/status`, 'utf8'))![1]) / 1024,
    cpuSeconds() {
      const fields = readFileSync(`/proc/${bot.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS;
    },
    async terminal(...argv) {
      const asked = spawn(process.execPath, [PROGRAM, ...argv], {
        cwd: folder,
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      asked.stdout!.on('data', (chunk) => {
        text += chunk;
      });
      await once(asked, 'close');
      return text;
    },
    async stop() {
      bot.removeAllListeners('exit');
      const gone = once(bot, 'exit');
      bot.kill('SIGTERM');
      await gone;
    },
  };
}
