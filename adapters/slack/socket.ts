import { createRequire } from 'node:module';
import type { App, Logger } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Dispatcher } from 'undici';
import { within } from '../../src/core/within.ts';
import { disconnectProblem, SocketError, whyUnopened } from './socket-problems.ts';
import type { SlackTimings } from './timings.ts';

// Bolt is CommonJS, and loaded only where Slack is set up.
const require = createRequire(import.meta.url);

/** Slack sends a ping every few seconds; without one for this long the socket is renewed, milliseconds. */
const SERVER_PING_TIMEOUT_MS = 30_000;

export interface SocketDeps {
  /** Takes each payload. */
  app: Pick<App, 'processEvent'>;
  appToken: string;
  options: WebClientOptions;
  logger: Logger;
  /** The way through a proxy; undefined where there is none. */
  dispatcher: Dispatcher | undefined;
  timings: Pick<SlackTimings, 'pingTimeoutMs' | 'helloMs'>;
}

/** One connection of Socket Mode. */
export interface Socket {
  /** Resolves when Slack has said hello, to how many sockets it counts for the app; else rejects with SocketError. */
  ready: Promise<number | undefined>;
  /** Lets it go, whatever state it is in, and tells nobody. */
  end(): Promise<void>;
}

/**
 * Opens a socket that is used once; `onOver` says, once and after it was ready, that it is over. What Bolt's receiver
 * is asking for when it is stopped would open a socket all the same: so its request is given up, and what is open after
 * its end is closed.
 */
export function openSocket(deps: SocketDeps, onOver: (why: SocketError) => void): Socket {
  const { SocketModeReceiver: Receiver } = require('@slack/bolt') as typeof import('@slack/bolt');
  const ended = new AbortController();
  const { fetch = globalThis.fetch } = deps.options;
  const receiver = new Receiver({
    appToken: deps.appToken,
    autoReconnectEnabled: false,
    clientPingTimeout: deps.timings.pingTimeoutMs,
    serverPingTimeout: SERVER_PING_TIMEOUT_MS,
    logger: deps.logger,
    ...(deps.dispatcher ? { dispatcher: deps.dispatcher } : {}),
    installerOptions: {
      clientOptions: {
        ...deps.options,
        fetch: (url, init) =>
          fetch(url, {
            ...init,
            signal: AbortSignal.any([ended.signal, ...(init?.signal ? [init.signal] : [])]),
          }),
      },
    },
  });
  receiver.init(deps.app as App);
  let counted: number | undefined;
  let why = new SocketError('the connection was closed');
  let isReady = false;

  receiver.client.on('ws_message', (data: unknown) => {
    const message = parsed(data);
    if (message?.type === 'hello' && typeof message.num_connections === 'number')
      counted = message.num_connections;
    if (message?.type === 'disconnect') why = disconnectProblem(message.reason);
  });
  receiver.client.on('disconnected', () => {
    if (isReady && !ended.signal.aborted) over();
  });
  receiver.client.on('connected', () => {
    if (ended.signal.aborted) void receiver.stop();
  });

  function over(): void {
    ended.abort();
    onOver(why);
  }

  async function end(): Promise<void> {
    ended.abort();
    await receiver.stop();
  }

  async function start(): Promise<number | undefined> {
    try {
      await within(deps.timings.helloMs, receiver.start(), () => {
        throw new SocketError('Slack does not greet the connection');
      });
    } catch (error) {
      void end();
      // Bolt rejects with nothing when the socket closes before it was greeted.
      throw error === undefined ? why : whyUnopened(error);
    }
    isReady = true;
    return counted;
  }

  return { ready: start(), end };
}

function parsed(data: unknown): { type?: unknown; reason?: unknown; num_connections?: unknown } | undefined {
  if (typeof data !== 'string' || !/"type":\s*"(hello|disconnect)"/.test(data)) return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
