import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { invocationOf, type TerminalRequest } from '../../adapters/terminal/protocol.ts';
import { entryOf, hostPerson, loadAdapters } from '../app/adapters.ts';
import { type App, startApp } from '../app/app.ts';
import type { Overrides } from '../app/context.ts';
import { timingsWith } from '../app/timings.ts';
import type { Config } from '../config/config.ts';
import type { Entry, Reply } from '../core/adapter.ts';
import type { Log } from '../core/log.ts';
import { textMessage } from '../core/message.ts';
import type { Queue } from '../core/queue.ts';
import { startSchedules } from '../digest/schedules.ts';
import { createLog, createPlainLog } from './log.ts';

export interface Running {
  app: App;
  /** The way into the chat that is served here; null while it is off. */
  web: Entry | null;
}

export type BotOverrides = Omit<Overrides, 'db' | 'queue' | 'log' | 'adapters'>;

/** The whole bot with its adapters, on a given queue. */
export async function startBot(
  config: Config,
  queue: Queue,
  log: Log,
  overrides: BotOverrides = {},
): Promise<Running> {
  const { clock = Date.now } = overrides;
  const { supervise: timings } = timingsWith(overrides.timings);
  const makeAdapters = await loadAdapters(config, { simulated: queue.simulated, clock, log, timings });
  let web: Running['web'] = null;
  const app = await startApp(config, {
    ...overrides,
    queue,
    log,
    adapters(parts) {
      const adapters = makeAdapters(parts);
      web = entryOf(adapters);
      return adapters;
    },
  });
  return { app, web };
}

/** `xaxbot start`: runs until it is told to stop. Resolves to the exit code. */
export async function start(config: Config): Promise<number> {
  const log = createLog(config.logLevel);
  // A platform's library may drop a promise; that must not end a process that others rely on.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise failed unseen'));
  const { app, web } = await startBot(config, await openQueue(config, log), log);
  const schedules = await startSchedules(config.schedules, config.timezone, app, log);
  console.log(`xaxbot watches ${watched(config)} and keeps its data in ${config.dataDir}`);
  for (const { name, ok, detail } of app.health()) if (!ok) console.log(`  ${name}: ${detail}`);
  if (web) printEntry(web, config);
  await untilStopped(app, log);
  schedules.stop();
  return 0;
}

/** Commands that say something useful without a queue. */
const NEED_NO_QUEUE: readonly (string | undefined)[] = [undefined, 'help', 'health'];

/** One command, or a yes to its question, without a running bot: the queue is read, it is run, and the adapters stay closed. */
export async function runOnce(
  config: Config,
  request: TerminalRequest,
  onReply: (reply: Reply) => void,
): Promise<void> {
  const needsQueue = 'confirm' in request || !NEED_NO_QUEUE.includes(request.argv[0]);
  if (needsQueue && !isAnyThere(config)) return onReply(noQueue(config));
  const log = config.logLevel === 'info' ? createPlainLog() : createLog(config.logLevel);
  const app = await startApp(config, { queue: await openQueue(config, log), log });
  try {
    const invocation = invocationOf(request, hostPerson(config));
    await app.handlers.invoke(invocation, async (reply) => onReply(reply));
    await app.settled();
  } finally {
    await app.stop();
  }
}

function noQueue({ xaxHome, dataDir }: Config): Reply {
  const text = `No xaxbot runs with the data folder ${dataDir}, and the queue's folder ${xaxHome} does not exist. Set XAX_HOME to the queue's folder, or XAXBOT_DATA_DIR to the data folder of the bot that is meant: "start" and "demo" print it.`;
  const message = textMessage(text, 'bad');
  return { message, visibility: 'private', ok: false, final: true, errorCode: 'no-queue' };
}

/** The link that lets the first person in, and how to reach it from elsewhere. */
export function printEntry(web: NonNullable<Running['web']>, config: Config): void {
  const person = hostPerson(config);
  const port = new URL(web.url()).port;
  console.log(
    `Open the chat as ${person.name} (this link works once, for ten minutes):\n\n  ${web.createLink(person.id)}\n`,
  );
  console.log(`From another machine first: ssh -L ${port}:127.0.0.1:${port} ${config.hostLabel}`);
  console.log('Another link, for anybody of xaxbot.yaml: npm run -s xaxbot -- web-link PERSON');
}

/** Resolves after SIGINT or SIGTERM, when everything is stopped. */
export async function untilStopped(app: App, log: Log): Promise<void> {
  const signal = await Promise.race([
    once(process, 'SIGINT').then(() => 'SIGINT'),
    once(process, 'SIGTERM').then(() => 'SIGTERM'),
  ]);
  log.info({ signal }, 'stopping');
  await app.stop();
}

export function openQueue({ queues: [first], childEnv }: Config, log: Log): Promise<Queue> {
  const { name, kind, settings } = first!;
  return kind.open(settings, { name, env: childEnv, clock: Date.now, log });
}

/** Where the queues are, for whoever starts the bot. */
function watched({ queues }: Config): string {
  return queues.map(({ name, kind, settings }) => kind.folder(settings) ?? name).join(', ');
}

/** Whether something can be read of a queue: without any there is nothing to answer from. */
function isAnyThere({ queues }: Config): boolean {
  return queues.some(({ kind, settings }) => {
    const folder = kind.folder(settings);
    return folder === null || existsSync(folder);
  });
}
