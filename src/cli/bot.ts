import { join } from 'node:path';
import { SOCKET_NAME } from '../../adapters/terminal/protocol.ts';
import { createTerminalAdapter } from '../../adapters/terminal/server.ts';
import { createWebAdapter } from '../../adapters/web/index.ts';
import { type App, startApp } from '../app/app.ts';
import type { AdapterParts, Overrides } from '../app/context.ts';
import { supervise } from '../app/supervise.ts';
import { type Timings, timingsWith } from '../app/timings.ts';
import { agentNamed } from '../approvals/agent.ts';
import type { Config } from '../config/config.ts';
import type { Adapter } from '../core/adapter.ts';
import type { AdapterPorts, Pace } from '../core/adapter-ports.ts';
import { BotError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Queue } from '../core/queue.ts';
import type { Clock } from '../core/time.ts';
import { createActions } from '../store/actions.ts';
import { createUploads } from '../store/uploads.ts';
import { createWebStore } from '../store/web.ts';
import { hostPerson } from './host-person.ts';

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
