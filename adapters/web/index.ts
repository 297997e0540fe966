import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { type Adapter, DeliveryError, DIRECT, type Entry } from '../../src/core/adapter.ts';
import type { ChatStore } from '../../src/core/chat-store.ts';
import { clip } from '../../src/core/clip.ts';
import { BotError, errorText } from '../../src/core/errors.ts';
import type { FileRef } from '../../src/core/message.ts';
import type { Person } from '../../src/core/person.ts';
import type { MessageRef } from '../../src/core/request.ts';
import type { Clock } from '../../src/core/time.ts';
import type { WebLogins } from '../../src/core/web-logins.ts';
import { createApi } from './api.ts';
import { createChallenges } from './challenges.ts';
import { createCounts } from './counts.ts';
import { createEntryCodes } from './entry-codes.ts';
import { answerFailures, type FailureLog, sameOrigin, securityHeaders } from './guard.ts';
import { createInteractions } from './interactions.ts';
import { createPageFiles } from './page-files.ts';
import type { WebChannel } from './places.ts';
import { createStreams } from './streams.ts';
import { createWrongCodes } from './wrong-codes.ts';

export interface WebAdapterOptions {
  host: string;
  port: number;
  store: ChatStore;
  logins: WebLogins;
  channels: readonly WebChannel[];
  personById(id: string): Person | undefined;
  pathOf(file: FileRef): string | undefined;
  about: { hostLabel: string; simulated: boolean };
  clock: Clock;
  log?: FailureLog;
}

/** The web chat: an adapter that needs no account. */
export function createWebAdapter(options: WebAdapterOptions): Adapter & { entry: Entry } {
  const { host, port, store, logins, channels, clock } = options;
  const streams = createStreams();
  const codes = createEntryCodes(clock);
  const wrongCodes = createWrongCodes(clock);
  logins.onRemoved(streams.dropStrangers);
  const interact = createInteractions({ store, streams });
  let server: Server | undefined;

  function inChannel(channel: string): string {
    if (channels.some(({ id }) => id === channel)) return channel;
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
    url() {
      const address = server?.address() as AddressInfo | null | undefined;
      const name =
        host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
      return `http://${name}:${address?.port ?? port}/`;
    },

    createLink(personId) {
      if (!options.personById(personId)) {
        throw new BotError(
          'unknown-person',
          `There is nobody called "${clip(personId, 60)}".`,
          'Name a person from people: in xaxbot.yaml.',
        );
      }
      return `${entry.url()}#enter=${codes.make(personId)}`;
    },
  };

  const ref = (channel: string, id: number): MessageRef => ({ channel, id: String(id) });
  return {
    name: 'web',
    entry,

    async start(handlers) {
      const { personById, pathOf, about } = options;
      const app = new Hono();
      app.onError(answerFailures(options.log));
      app.use(securityHeaders);
      app.use(sameOrigin(host));
      app.route(
        '/api',
        createApi({
          ...{ store, logins, codes, wrongCodes, streams, handlers, interact },
          ...{ channels, personById, pathOf, about },
          ...{ challenges: createChallenges(clock), counts: createCounts() },
        }),
      );
      app.route('/', createPageFiles());
      server = createAdaptorServer({ fetch: app.fetch }) as Server;
      await listen(server, host, port);
    },

    async stop() {
      streams.stop();
      if (!server) return;
      const closed = new Promise((resolve) => server!.close(resolve));
      server.closeAllConnections();
      await closed;
      server = undefined;
    },

    health: () =>
      server?.listening
        ? { state: 'up', detail: `${entry.url()}, ${streams.count()} open` }
        : { state: 'off', detail: 'not started' },

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

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      const what = inUse
        ? `Port ${port} of ${host} is in use.`
        : `The web chat cannot listen on ${host}:${port}: ${error.message}.`;
      const code = inUse ? 'port-in-use' : 'web-port';
      reject(new BotError(code, what, 'Set XAXBOT_WEB_PORT to a free port, or to "off".'));
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}
