import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, enter } from './entering.ts';

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
  enter(): Promise<Browser>;
  /** The link into the chat, which lets one browser in. */
  link: string;
  /** Resident memory, MB. */
  residentMb(): number;
  /** CPU time so far, seconds. */
  cpuSeconds(): number;
  /** A terminal command; resolves to what it printed. */
  terminal(...argv: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** The bot as users start it, in a process of its own; `program`: another version's bin/xaxbot.js. */
export async function spawnBot(
  folder: string,
  home: string,
  more: NodeJS.ProcessEnv = {},
  program = PROGRAM,
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
  const bot: ChildProcess = spawn(process.execPath, [program, 'start'], {
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
  return {
    home,
    pid: bot.pid!,
    env,
    readyMs,
    link,
    enter: () => enter(link),
    residentMb: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${bot.pid}/status`, 'utf8'))![1]) / 1024,
    cpuSeconds() {
      const fields = readFileSync(`/proc/${bot.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS;
    },
    async terminal(...argv) {
      const asked = spawn(process.execPath, [program, ...argv], {
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
