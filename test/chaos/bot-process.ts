import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BotOptions } from '../bot.ts';
import { PROGRAMS } from './bundle.ts';

/** What a process compiled is there for the next. */
export const NODE_COMPILE_CACHE = join(PROGRAMS.main, '..', 'compiled');

/** The bot as a process of its own, up and reading the queue. */
export async function spawnBot(
  folder: string,
  home: string,
  more: NodeJS.ProcessEnv = {},
): Promise<ChildProcess> {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    USER: 'root',
    XAX_HOME: home,
    XAXBOT_DATA_DIR: join(folder, 'data'),
    XAXBOT_WEB_PORT: '0',
    LOG_LEVEL: 'fatal',
    NODE_COMPILE_CACHE,
    ...more,
  };
  const bot = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAMS.main, 'start'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await isUp(bot);
  return bot;
}

/** The same at once, on test servers; `isUp` tells when it reads the queue. */
export function spawnHurriedBot(
  options: Pick<BotOptions, 'folder' | 'home' | 'env' | 'timings'>,
): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAMS.hurried], {
    cwd: options.folder,
    env: {
      PATH: process.env.PATH,
      HOME: options.folder,
      TZ: process.env.TZ,
      NODE_COMPILE_CACHE,
      XAXBOT_TEST_OPTIONS: JSON.stringify(options),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Resolves when it reads the queue; rejects when it ended before. */
export async function isUp(bot: ChildProcess): Promise<void> {
  await Promise.race([
    once(bot.stdout!, 'data'),
    once(bot, 'exit').then(() => {
      throw new Error('the bot ended before it was up');
    }),
  ]);
}

/** Ends it as a crash does, in the middle of whatever it does. */
export async function crash(bot: ChildProcess): Promise<void> {
  if (bot.exitCode !== null || bot.signalCode !== null) return;
  const gone = once(bot, 'exit');
  bot.kill('SIGKILL');
  await gone;
}
