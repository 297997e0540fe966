import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { PING_MS } from './limits.ts';

/** What came back for a payload: how soon, and with what. */
export interface Acknowledged {
  /** undefined: never, within the time that was waited. */
  ackMs: number | undefined;
  payload: Record<string, unknown>;
}

/** Socket Mode: payloads in envelopes, each to one connection, which acknowledges it by its id. */
export function createSocketMode() {
  const server = new WebSocketServer({ noServer: true });
  const sockets = new Set<WebSocket>();
  const silent = new Set<WebSocket>();
  /** Those that were asked to go get nothing new. */
  const retired = new Set<WebSocket>();
  const waiting = new Map<string, (payload: Record<string, unknown>) => void>();
  const tickets = new Set<string>();
  let foreign = 0;
  let turn = 0;
  let everywhere = false;
  let greeting: 'hello' | 'none' | { type: 'disconnect'; reason: string } = 'hello';
  let upgrades = 0;

  server.on('connection', (socket) => {
    sockets.add(socket);
    const pings = setInterval(() => {
      if (!silent.has(socket)) socket.ping();
    }, PING_MS);
    socket.on('close', () => {
      clearInterval(pings);
      sockets.delete(socket);
    });
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const { envelope_id, payload } = JSON.parse(String(data)) as {
        envelope_id: string;
        payload?: Record<string, unknown>;
      };
      waiting.get(envelope_id)?.(payload ?? {});
      waiting.delete(envelope_id);
    });
    if (greeting === 'none') return;
    if (greeting !== 'hello') {
      send(socket, greeting);
      return;
    }
    send(socket, {
      type: 'hello',
      num_connections: sockets.size + foreign,
      debug_info: { host: 'test', approximate_connection_time: 3600 },
      connection_info: { app_id: 'A0XAXBOT' },
    });
  });

  function send(socket: WebSocket, message: object): void {
    if (!silent.has(socket)) socket.send(JSON.stringify(message));
  }

  return {
    /** A url's ticket, good for one connection. */
    ticket(): string {
      const ticket = randomUUID();
      tickets.add(ticket);
      return ticket;
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      const ticket = new URL(request.url ?? '/', 'http://x').searchParams.get('ticket') ?? '';
      upgrades += 1;
      if (!tickets.delete(ticket)) {
        socket.destroy();
        return;
      }
      server.handleUpgrade(request, socket, head, (ws) => server.emit('connection', ws, request));
    },
    /** From now on each payload goes to every connection, in one envelope. */
    deliverEverywhere(): void {
      everywhere = true;
    },
    /** Hands a payload to one connection; resolves when it is acknowledged or the time is over. */
    async deliver(
      type: string,
      payload: object,
      { waitMs = 5_000, retry = 0, reason = '' } = {},
    ): Promise<Acknowledged> {
      const open = [...sockets].filter((socket) => !silent.has(socket) && !retired.has(socket));
      turn += 1;
      const socket = open[turn % Math.max(1, open.length)];
      if (!socket) return { ackMs: undefined, payload: {} };
      const envelope_id = randomUUID();
      const from = performance.now();
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(envelope_id);
          resolve({ ackMs: undefined, payload: {} });
        }, waitMs);
        waiting.set(envelope_id, (answer) => {
          clearTimeout(timer);
          resolve({ ackMs: performance.now() - from, payload: answer });
        });
        const envelope = {
          type,
          envelope_id,
          payload,
          accepts_response_payload: type !== 'events_api',
          retry_attempt: retry,
          retry_reason: reason,
        };
        for (const each of everywhere ? open : [socket]) send(each, envelope);
      });
    },
    /** Slack asks the oldest connection to renew itself, as it does about once an hour. */
    refresh(reason: 'warning' | 'refresh_requested' | 'link_disabled' = 'refresh_requested'): void {
      const [oldest] = sockets;
      if (oldest) retired.add(oldest);
      if (oldest) send(oldest, { type: 'disconnect', reason, debug_info: { host: 'test' } });
    },
    /** All connections stay open and nothing comes any more, not even an answer to a ping. */
    goSilent(): void {
      for (const socket of sockets) {
        silent.add(socket);
        socket.pause();
      }
    },
    /** All connections end without a word. */
    cut(): void {
      for (const socket of sockets) socket.terminate();
      sockets.clear();
    },
    count: () => [...sockets].filter((socket) => !silent.has(socket) && !retired.has(socket)).length,
    /** All that are open, greeted or not. */
    open: () => sockets.size,
    /** How often somebody wanted to connect. */
    attempts: () => upgrades,
    /** How new connections are greeted: not at all, or by being sent away for a reason. */
    greet(how: 'hello' | 'none' | { reason: string }): void {
      greeting = typeof how === 'string' ? how : { type: 'disconnect', reason: how.reason };
    },
    /** So many connections of another process on the same app. */
    setForeign(count: number): void {
      foreign = count;
    },
    close(): void {
      for (const socket of sockets) socket.terminate();
      server.close();
    },
  };
}
