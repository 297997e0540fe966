import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

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
    ...more,
  };
  const bot = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, 'start'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([
    once(bot.stdout!, 'data'),
    once(bot, 'exit').then(() => {
      throw new Error('the bot ended before it was up');
    }),
  ]);
  return bot;
}

/** Ends it as a crash does, in the middle of whatever it does. */
export async function crash(bot: ChildProcess): Promise<void> {
  const gone = once(bot, 'exit');
  bot.kill('SIGKILL');
  await gone;
}
