import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Hono } from 'hono';
import { type Adapter, DeliveryError, DIRECT, type Entry } from '../../src/core/adapter.ts';
import type { ChatStore } from '../../src/core/chat-store.ts';
import { clip } from '../../src/core/clip.ts';
import { counted } from '../../src/core/counted.ts';
import { BotError, errorText } from '../../src/core/errors.ts';
import type { FileRef } from '../../src/core/message.ts';
import type { Person } from '../../src/core/person.ts';
import type { MessageRef } from '../../src/core/request.ts';
import type { HealthItem } from '../../src/core/services/health.ts';
import type { Clock } from '../../src/core/time.ts';
import type { WebLogins } from '../../src/core/web-logins.ts';
import { createApi } from './api.ts';
import { createChallenges } from './challenges.ts';
import { createCounts } from './counts.ts';
import { createEntryCodes } from './entry-codes.ts';
import { answerFailures, type FailureLog, sameOrigin, securityHeaders } from './guard.ts';
import { createHealthz } from './healthz.ts';
import { createInteractions } from './interactions.ts';
import { noWorkers } from './no-workers.ts';
import { createPageFiles } from './page-files.ts';
import type { WebChannel } from './places.ts';
import { openServers, type Servers } from './servers.ts';
import { addressOf, addressWords, SOCKET_NAME, UNIX, type WebSettings } from './settings.ts';
import { createStreams } from './streams.ts';
import { WEB_TIMINGS, type WebTimings } from './timings.ts';
import { createWrongCodes } from './wrong-codes.ts';

export interface WebAdapterOptions {
  settings: WebSettings;
  store: ChatStore;
  logins: WebLogins;
  channels(): readonly WebChannel[];
  personById(id: string): Person | undefined;
  fileAt(file: FileRef): Promise<string | undefined>;
  about(): { hostLabel: string; simulated: boolean };
  /** Where the socket stands, if it listens on one. */
  dataDir: string;
  /** The health of the whole bot, not of this adapter alone. */
  houseHealth(): readonly HealthItem[];
  clock: Clock;
  log?: FailureLog;
  timings?: Partial<WebTimings>;
}

/** The socket's name below the data folder. */
/** Somebody may wait there for whoever takes one name for the other. */
const SHADOWED =
  'another program listens on the same port of the other loopback address: open the chat by this one only';

/** The web chat: an adapter that needs no account. */
export function createWebAdapter(options: WebAdapterOptions): Adapter & { entry: Entry } {
  const { settings, store, logins, channels, clock } = options;
  const socketPath = join(options.dataDir, SOCKET_NAME);
  const timings = { ...WEB_TIMINGS, ...options.timings };
  const streams = createStreams(timings);
  const codes = createEntryCodes(clock);
  const wrongCodes = createWrongCodes(clock);
  logins.onRemoved(streams.dropStrangers);
  const interact = createInteractions({ store, streams });
  let servers: Servers | undefined;

  function inChannel(channel: string): string {
    if (channels().some(({ id }) => id === channel)) return channel;
    if (channel.startsWith(DIRECT) && options.personById(channel.slice(DIRECT.length))) return channel;
    throw new DeliveryError('never', `the web chat has no channel ${channel}`);
  }

  /** A message of the channel's timeline; only such have threads. */
  function rootIn(channel: string, id: string): number {
    const root = /^\d+$/.test(id) ? store.byId(Number(id)) : undefined;
    if (root?.channel === channel && root.thread === null) return root.id;
    throw new DeliveryError('never', `the message ${id} has no thread in the channel ${channel}`);
  }

  /** What the database refuses (a full disk) may work later. */
  function attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw error instanceof DeliveryError ? error : new DeliveryError('retry', errorText(error));
    }
  }

  const entry: Entry = {
    url: () => addressOf({ ...settings, port: servers?.port ?? settings.port }),
    tunnel() {
      const { publicOrigin, host } = settings;
      if (publicOrigin !== null) return null;
      const { port } = new URL(entry.url());
      const to = host === UNIX ? socketPath : `127.0.0.1:${port}`;
      return `ssh -L ${port}:${to} ${options.about().hostLabel}`;
    },

    createLink(personId) {
      if (!options.personById(personId)) {
        throw new BotError(
          'unknown-person',
          `There is nobody called "${clip(personId, 60)}".`,
          'Name a person from people: in xaxbot.yaml.',
        );
      }
      // By an address of its own: a browser may keep a page for the usual one that is somebody else's.
      return `${entry.url()}?${randomBytes(6).toString('base64url')}#enter=${codes.make(personId)}`;
    },
  };

  const ref = (channel: string, id: number): MessageRef => ({ channel, id: String(id) });
  return {
    name: 'web',
    entry,

    async start(handlers) {
      const { personById, fileAt, about } = options;
      const app = new Hono();
      app.onError(answerFailures(options.log));
      app.use(securityHeaders);
      app.use(sameOrigin(settings));
      app.use(noWorkers);
      app.get('/healthz', createHealthz(options.houseHealth, clock));
      app.route(
        '/api',
        createApi({
          ...{ store, logins, codes, wrongCodes, streams, handlers, interact },
          ...{ channels, personById, fileAt, about },
          ...{ challenges: createChallenges(clock), counts: createCounts() },
          welcome: (connection) => servers?.welcome(connection),
        }),
      );
      app.route('/', createPageFiles());
      servers = await openServers(app.fetch, settings, socketPath, timings);
    },

    async stop() {
      streams.stop();
      await servers?.close();
      servers = undefined;
    },

    health() {
      if (!servers) return { state: 'off', detail: 'not started' };
      const where = addressWords({ ...settings, port: servers.port ?? settings.port });
      const shadow = servers.isShadowed ? [SHADOWED] : [];
      const wrong = wrongCodes.count() > 0 ? [`${counted(wrongCodes.count(), 'wrong link')}`] : [];
      return { state: 'up', detail: [where, `${streams.count()} open`, ...wrong, ...shadow].join(', ') };
    },

    post: async (target, message, key) =>
      attempt(() => {
        const channel = inChannel(target.channel);
        const thread = target.thread ? rootIn(channel, target.thread.id) : null;
        const { posted, changed } = store.post({ channel, thread, author: null, message, key });
        streams.broadcast(changed);
        return ref(channel, posted.id);
      }),

    update: async (target, message) =>
      attempt(() => {
        const updated = store.update(Number(target.id), message);
        if (!updated) throw new DeliveryError('gone', `the message ${target.id} does not exist`);
        streams.broadcast([updated]);
      }),

    openThread: async (target) => attempt(() => ref(target.channel, rootIn(target.channel, target.id))),

    findByKey: async (_target, key) => {
      const found = store.byKey(key);
      return found && ref(found.channel, found.id);
    },
  };
}
