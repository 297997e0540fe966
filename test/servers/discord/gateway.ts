import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

type Json = Record<string, unknown>;

const HEARTBEAT_MS = 5_000;

/** A bot's session: what was sent in it, so that a resumed one gets what it missed. */
interface Session {
  id: string;
  intents: number;
  sent: { s: number; t: string; d: unknown }[];
  socket: WebSocket | undefined;
}

/** Discord's gateway: identify, heartbeat, resume with replay, and events by intents. */
export function createGateway(deps: {
  tokenOk(token: string): boolean;
  /** Intents that the application may not have. */
  disallowed(): number;
  ready(session: string, intents: number): { t: string; d: unknown }[];
}) {
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const silent = new Set<WebSocket>();
  let identifies = 0;
  let resumes = 0;

  server.on('connection', (socket: WebSocket) => {
    send(socket, { op: 10, d: { heartbeat_interval: HEARTBEAT_MS } });
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const { op, d } = JSON.parse(String(data)) as { op: number; d: Json };
      if (op === 1) send(socket, { op: 11 });
      if (op === 2) identify(socket, d);
      if (op === 6) resume(socket, d);
    });
  });

  function send(socket: WebSocket, message: object): void {
    if (!silent.has(socket)) socket.send(JSON.stringify(message));
  }

  function identify(socket: WebSocket, d: Json): void {
    identifies += 1;
    if (!deps.tokenOk(String(d.token))) {
      socket.close(4004, 'Authentication failed.');
      return;
    }
    const intents = Number(d.intents);
    if ((intents & deps.disallowed()) !== 0) {
      socket.close(4014, 'Disallowed intent(s).');
      return;
    }
    const session: Session = { id: randomUUID(), intents, sent: [], socket };
    sessions.set(session.id, session);
    for (const each of deps.ready(session.id, intents)) dispatch(session, each.t, each.d);
  }

  function resume(socket: WebSocket, d: Json): void {
    const session = sessions.get(String(d.session_id));
    if (!deps.tokenOk(String(d.token))) {
      socket.close(4004, 'Authentication failed.');
      return;
    }
    if (!session) {
      send(socket, { op: 9, d: false });
      return;
    }
    resumes += 1;
    session.socket = socket;
    for (const each of session.sent.filter(({ s }) => s > Number(d.seq))) send(socket, { op: 0, ...each });
    dispatch(session, 'RESUMED', {});
  }

  function dispatch(session: Session, t: string, d: unknown): void {
    const event = { s: session.sent.length + 1, t, d };
    session.sent.push(event);
    if (session.socket?.readyState === 1) send(session.socket, { op: 0, ...event });
  }

  const current = () => [...sessions.values()].at(-1);

  return {
    upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      server.handleUpgrade(request, socket, head, (ws) => server.emit('connection', ws, request)),
    /** To the session, where it asked for such events; `intent` 0: to every one. */
    emit(t: string, intent: number, d: unknown | ((intents: number) => unknown)): void {
      const session = current();
      if (!session || (intent !== 0 && (session.intents & intent) === 0)) return;
      dispatch(
        session,
        t,
        typeof d === 'function' ? (d as (intents: number) => unknown)(session.intents) : d,
      );
    },
    intents: () => current()?.intents ?? 0,
    isOpen: () => current()?.socket?.readyState === 1,
    counts: () => ({ identifies, resumes }),
    /** Discord asks to reconnect, as it does now and then. */
    reconnect: () => current()?.socket && send(current()!.socket!, { op: 7 }),
    close: (code: number) => current()?.socket?.close(code),
    cut(): void {
      for (const client of server.clients) client.terminate();
    },
    /** The connection stays open, and no heartbeat is answered any more. */
    goSilent(): void {
      for (const client of server.clients) silent.add(client);
    },
    forget: () => sessions.clear(),
    stop(): void {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
