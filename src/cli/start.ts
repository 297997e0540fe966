import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { invocationOf, SOCKET_NAME, type TerminalRequest } from '../../adapters/terminal/protocol.ts';
import { createTerminalAdapter } from '../../adapters/terminal/server.ts';
import { createWebAdapter } from '../../adapters/web/index.ts';
import { type App, startApp } from '../app/app.ts';
import type { AdapterParts, Overrides } from '../app/context.ts';
import { supervise } from '../app/supervise.ts';
import { type Timings, timingsWith } from '../app/timings.ts';
import { agentNamed } from '../approvals/agent.ts';
import type { Config } from '../config/config.ts';
import type { Adapter, Reply } from '../core/adapter.ts';
import type { AdapterPorts, Pace } from '../core/adapter-ports.ts';
import { BotError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { textMessage } from '../core/message.ts';
import type { Person } from '../core/person.ts';
import type { Queue } from '../core/queue.ts';
import type { Clock } from '../core/time.ts';
import { startSchedules } from '../digest/schedules.ts';
import { onHost } from '../identity/people.ts';
import { createActions } from '../store/actions.ts';
import { createUploads } from '../store/uploads.ts';
import { createWebStore } from '../store/web.ts';
import { createLog, createPlainLog } from './log.ts';

export interface Running {
  app: App;
  web: ReturnType<typeof createWebAdapter> | null;
}

export interface BotOverrides extends Omit<Overrides, 'db' | 'queues' | 'log' | 'adapters'> {
  slackPace?: Pace;
}

/** The whole bot with its adapters, on given queues. */
export async function startBot(
  config: Config,
  queues: readonly Queue[],
  log: Log,
  { slackPace, ...overrides }: BotOverrides = {},
): Promise<Running> {
  const { clock = Date.now } = overrides;
  const { supervise: timings } = timingsWith(overrides.timings);
  const platforms = await openablePlatforms(config, slackPace);
  let web: Running['web'] = null;
  const app = await startApp(config, {
    ...overrides,
    queues,
    log,
    adapters(parts) {
      const { db, files, people } = parts;
      const adapters: Adapter[] = [];
      if (config.web) {
        web = createWebAdapter({
          ...config.web,
          store: createWebStore(db, clock),
          channels: config.channels.filter(({ adapter }) => adapter === 'web'),
          personById: people.byId,
          pathOf: files.pathOf,
          about: { hostLabel: config.hostLabel, simulated: queues.every(({ simulated }) => simulated) },
          clock,
        });
        adapters.push(web);
      }
      adapters.push(...platformAdapters(platforms, config, parts, { clock, log, timings }));
      const webLink = (personId: string) => {
        if (web) return web.createLink(personId);
        throw new BotError('web-off', 'The web chat is off.', 'Unset XAXBOT_WEB_PORT, or give it a port.');
      };
      adapters.push(
        createTerminalAdapter({
          socketPath: join(config.dataDir, SOCKET_NAME),
          person: () => hostPerson(config),
          agent: (id) => agentNamed(config.people, id),
          webLink,
        }),
      );
      return adapters;
    },
  });
  return { app, web };
}

type Platform = [name: string, create: (ports: AdapterPorts) => Adapter];

/** The platforms that are set up. Their libraries are large, and loaded only then. */
async function openablePlatforms(
  { slack, discord, proxied }: Config,
  pace: Pace | undefined,
): Promise<Platform[]> {
  const platforms: Platform[] = [];
  if (slack) {
    const { createSlackAdapter } = await import('../../adapters/slack/index.ts');
    const options = { ...slack, proxied, ...(pace ? { pace } : {}) };
    platforms.push(['slack', (ports) => createSlackAdapter(options, ports)]);
  }
  if (discord) {
    const { createDiscordAdapter } = await import('../../adapters/discord/index.ts');
    platforms.push(['discord', (ports) => createDiscordAdapter(discord, ports)]);
  }
  return platforms;
}

/** Adapters to platforms, each kept open by itself. */
function platformAdapters(
  platforms: readonly Platform[],
  config: Config,
  parts: AdapterParts,
  supervision: { clock: Clock; log: Log; timings: Timings['supervise'] },
): Adapter[] {
  const { clock, log } = supervision;
  const actions = createActions(parts.db, clock);
  return platforms.map(([name, create]) => {
    const channels = config.channels.filter(({ adapter }) => adapter === name);
    const roomOf = (channel: string | null) =>
      channel === null ? { members: null } : channels.find(({ id }) => id === channel);
    return supervise(
      name,
      (onLost) =>
        create({
          channels,
          actions,
          uploads: createUploads(parts.db, name),
          personByAccount: (account) => parts.people.byAccount(name, account),
          person: (account, channel) => parts.people.ofAccount(name, account, roomOf(channel)),
          accountOf: (person) => parts.people.accountOf(person, name),
          pathOf: parts.files.pathOf,
          timezone: config.timezone,
          clock,
          log,
          onBack: () => parts.resume(name),
          onLost,
        }),
      { ...supervision, onUp: () => parts.resume(name) },
    );
  });
}

/** `xaxbot start`: runs until it is told to stop. Resolves to the exit code. */
export async function start(config: Config): Promise<number> {
  const log = createLog(config.logLevel);
  // A platform's library may drop a promise; that must not end a process that others rely on.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise failed unseen'));
  const { app, web } = await startBot(config, await openQueues(config, log), log);
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
  const app = await startApp(config, { queues: await openQueues(config, log), log });
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

/** The queues of the settings; nothing is started. */
export function openQueues({ queues, childEnv: env }: Config, log: Log): Promise<Queue[]> {
  return Promise.all(
    queues.map(({ name, kind, settings }) => kind.open(settings, { name, env, clock: Date.now, log })),
  );
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

/** Whoever runs the bot on its host. */
function hostPerson({ people, childEnv }: Config): Person {
  return onHost(people, childEnv.USER ?? childEnv.LOGNAME);
}
