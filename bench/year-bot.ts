import { startBot } from '../src/cli/bot.ts';
import { createLog } from '../src/cli/log.ts';
import { loadConfig } from '../src/config/config.ts';
import type { Clock } from '../src/core/time.ts';

/**
 * What the program is told: what time it is, epoch milliseconds, and whether the queue may have changed; it answers once it has taken in
 * how that stands, and has nothing more to say.
 */
export interface Told {
  at: number;
  hasChanged: boolean;
}

export interface Answered {
  /** The way into the chat; first of all. */
  link?: string;
  /** Of the processor so far, microseconds. */
  cpu: number;
}

/**
 * The bot in a process of its own, for which it is as late as its parent says: time passes for all that it keeps and forgets, a
 * year of it in minutes. It makes no backups; its periodic work comes as often as it is told the time.
 */
const config = loadConfig({ env: process.env, cwd: process.cwd() });
const log = createLog(config.logLevel);
let at = Number(process.env.BEGIN_AT);
const clock: Clock = () => at;
const { childEnv: env } = config;
const queues = await Promise.all(
  config.queues.map(({ name, kind, settings }) => kind.open(settings, { name, env, clock, log })),
);
const { app, web } = await startBot(config, queues, log, {
  clock,
  timings: { app: { tickMs: 500 }, backup: { firstMs: Number.POSITIVE_INFINITY } },
});

const answer = (more: Partial<Answered> = {}) => {
  const { user, system } = process.cpuUsage();
  process.send!({ cpu: user + system, ...more } satisfies Answered);
};

process.on('message', async (told: Told) => {
  at = told.at;
  if (told.hasChanged) for (const queue of queues) await queue.refresh();
  await app.settled();
  answer();
});
process.on('disconnect', async () => {
  await app.stop();
  process.exit(0);
});
answer({ link: web!.createLink('root') });
