import { createRequire } from 'node:module';
import type { App, Logger, SocketModeReceiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Dispatcher } from 'undici';
import { pauseAfter } from '../../src/core/backoff.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { Clock } from '../../src/core/time.ts';
import { problemText } from './problems.ts';
import type { SlackTimings } from './timings.ts';

// Bolt is CommonJS, and loaded only where Slack is set up.
const require = createRequire(import.meta.url);

/** One socket serves while the other is renewed: Slack recycles each about once an hour. */
const SOCKETS = 2;
/** Slack sends a ping every few seconds; without one for this long the socket is renewed, milliseconds. */
const SERVER_PING_TIMEOUT_MS = 30_000;
/** How long a socket that was let go may still be counted by Slack, milliseconds. */
const COUNTED_AFTER_CLOSE_MS = 90_000;

interface Slot {
  receiver: SocketModeReceiver | undefined;
  up: boolean;
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * The sockets on which Slack says what people do. Each is renewed by itself, at once when Slack asks for it and with
 * growing pauses when it fails; the SDK's own reconnection waits five seconds first and never gives a limit.
 */
export function createSockets(deps: {
  /** Takes each payload. */
  app: Pick<App, 'processEvent'>;
  appToken: string;
  options: WebClientOptions;
  logger: Logger;
  /** The way through a proxy; undefined where there is none. */
  dispatcher: Dispatcher | undefined;
  clock: Clock;
  log: Log;
  /** There is a socket again, where there was none. */
  onBack(): void;
  timings: Pick<SlackTimings, 'firstMs' | 'longestMs' | 'pingTimeoutMs'>;
}) {
  const { app, clock, log, timings } = deps;
  const slots: Slot[] = Array.from({ length: SOCKETS }, () => ({
    receiver: undefined,
    up: false,
    failures: 0,
    timer: undefined,
  }));
  const closedAt: number[] = [];
  let stopped = false;
  let downSince: number | undefined = clock();
  let lastProblem = 'connecting';
  let others = 0;

  const upCount = () => slots.filter(({ up }) => up).length;

  function changed(slot: Slot, up: boolean): void {
    const wasDown = upCount() === 0;
    slot.up = up;
    if (wasDown && up) deps.onBack();
    if (upCount() > 0) downSince = undefined;
    else downSince ??= clock();
  }

  /** Opens a slot's socket; resolves when Slack has said hello. */
  async function open(slot: Slot): Promise<void> {
    const { SocketModeReceiver: Receiver } = require('@slack/bolt') as typeof import('@slack/bolt');
    const receiver = new Receiver({
      appToken: deps.appToken,
      autoReconnectEnabled: false,
      clientPingTimeout: timings.pingTimeoutMs,
      serverPingTimeout: SERVER_PING_TIMEOUT_MS,
      logger: deps.logger,
      ...(deps.dispatcher ? { dispatcher: deps.dispatcher } : {}),
      installerOptions: { clientOptions: deps.options },
    });
    receiver.init(app as App);
    slot.receiver = receiver;
    receiver.client.on('ws_message', (data: unknown) => notice(data));
    receiver.client.on('disconnected', () => lost(slot, receiver, 'the connection was closed'));
    try {
      await receiver.start();
    } catch (error) {
      const code = (error as { data?: { error?: string } } | undefined)?.data?.error;
      const text = code === undefined ? undefined : problemText(code, { method: 'apps.connections.open' });
      throw new Error(text ?? (error === undefined ? 'the connection was closed' : errorText(error)));
    }
    slot.failures = 0;
    changed(slot, true);
  }

  function lost(slot: Slot, receiver: SocketModeReceiver, why: string): void {
    if (slot.receiver !== receiver) return;
    slot.receiver = undefined;
    closedAt.push(clock());
    lastProblem = why;
    const wasUp = slot.up;
    changed(slot, false);
    if (!stopped) again(slot, wasUp ? 0 : pauseAfter(timings, slot.failures + 1));
  }

  function again(slot: Slot, pause: number): void {
    clearTimeout(slot.timer);
    slot.timer = setTimeout(() => {
      if (stopped) return;
      open(slot).catch((error) => {
        slot.receiver = undefined;
        slot.failures += 1;
        changed(slot, false);
        if (lastProblem !== errorText(error))
          log.warn({ error: errorText(error) }, "Slack's socket cannot be opened");
        lastProblem = errorText(error);
        if (!stopped) again(slot, pauseAfter(timings, slot.failures + 1));
      });
    }, pause);
  }

  /** How many sockets Slack counts for this app: more than ours means that another process uses it. */
  function notice(data: unknown): void {
    if (typeof data !== 'string' || !data.includes('"hello"')) return;
    const hello = parsed(data);
    if (hello?.type !== 'hello' || typeof hello.num_connections !== 'number') return;
    while (closedAt[0] !== undefined && closedAt[0] < clock() - COUNTED_AFTER_CLOSE_MS) closedAt.shift();
    const ours = slots.filter(({ receiver }) => receiver !== undefined).length + closedAt.length;
    others = Math.max(0, hello.num_connections - ours);
    if (others > 0)
      log.warn(
        { connections: hello.num_connections, ours },
        'another process uses the same Slack app and receives some of its messages',
      );
  }

  return {
    /** Opens the first; the others follow by themselves. Rejects when the first cannot be opened. */
    async start(): Promise<void> {
      const [first, ...rest] = slots;
      await open(first!);
      for (const slot of rest) again(slot, 0);
    },
    async stop(): Promise<void> {
      stopped = true;
      for (const slot of slots) {
        clearTimeout(slot.timer);
        const { receiver } = slot;
        slot.receiver = undefined;
        await receiver?.stop();
      }
    },
    state: () => ({ up: upCount(), of: SOCKETS, downSince, lastProblem, others }),
  };
}

export type Sockets = ReturnType<typeof createSockets>;

function parsed(text: string): { type?: unknown; num_connections?: unknown } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
