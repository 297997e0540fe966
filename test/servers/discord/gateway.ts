import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { INTENTS, KNOWN_INTENTS, PRIVILEGED, type PrivilegedIntent } from './bits.ts';
import { isJson, type Json } from './form.ts';
import { GATEWAY } from './limits.ts';

/** Needs one of these intents; null: always delivered. */
export type Need = number | null;

interface Session {
  id: string;
  intents: number;
  sequence: number;
  /** Everything said in this session, for a resume. */
  said: { sequence: number; frame: string }[];
  socket: WebSocket | null;
}

/** How the gateway misbehaves; each can be set and unset in life. */
export interface GatewayMood {
  /** Heartbeats are not acknowledged. */
  zombie: boolean;
  /** Open sockets say nothing at all; what they would have said waits for a resume. */
  silent: boolean;
  /** New connections are dropped. */
  down: boolean;
  /** New connections are answered with this status instead of being opened. */
  refuses: number | undefined;
  /** New connections get no answer at all. */
  stalls: boolean;
  /** New connections are opened and never greeted. */
  mute: boolean;
  /** New connections are closed with this code: in place of a greeting, or when they identify or resume. */
  closes: { at: 'hello' | 'session'; code: number } | undefined;
}

export interface Gateway {
  mood: GatewayMood;
  /** Says an event to every session that has one of the intents; `build` makes the payload for a session's intents. */
  emit(event: string, need: Need, build: (intents: number) => Json): void;
  /** Asks every client to reconnect (op 7). */
  reconnect(): void;
  /** Closes every socket with this code; 1006 stands for a cut line. */
  close(code: number): void;
  /** Forgets every session: a resume gets Invalid Session (op 9, false). */
  forgetSessions(): void;
  connections(): number;
  /** How often somebody wanted to connect. */
  attempts(): number;
  identifies(): number;
  resumes(): number;
  attach(server: Server): void;
  stop(): void;
}

interface GatewayDeps {
  tokenIsGood(token: string | undefined): boolean;
  /** Counts a session; false: it was one too many, and the token is reset. */
  mayStart(): boolean;
  approved: ReadonlySet<PrivilegedIntent>;
  heartbeatMs: number;
  newId(): string;
  url(): string;
  /** Guild Members Chunk for op 8. */
  members(query: Json, intents: number): Json;
  /** READY's user, application and guild, and what follows READY. */
  ready(): {
    user: Json;
    application: Json;
    guilds: Json[];
    after: { event: string; need: Need; data: Json }[];
  };
}

/** Discord's gateway: events/gateway and gateway-events, JSON without compression, one shard. */
export function createGateway(deps: GatewayDeps): Gateway {
  const sessions = new Map<string, Session>();
  const sockets = new Set<WebSocket>();
  const counts = { attempts: 0, identifies: 0, resumes: 0 };
  const mood: GatewayMood = {
    zombie: false,
    silent: false,
    down: false,
    refuses: undefined,
    stalls: false,
    mute: false,
    closes: undefined,
  };
  const stalled = new Set<Duplex>();
  const server = new WebSocketServer({ noServer: true, maxPayload: GATEWAY.payload * 16 });

  const send = (socket: WebSocket, frame: string) => {
    if (!mood.silent && socket.readyState === socket.OPEN) socket.send(frame);
  };
  const say = (session: Session, event: string, data: Json) => {
    session.sequence += 1;
    const frame = JSON.stringify({ op: 0, t: event, s: session.sequence, d: data });
    session.said.push({ sequence: session.sequence, frame });
    if (session.socket) send(session.socket, frame);
  };

  /** Every Identify with a good token counts, whatever comes of it. */
  function countStart(): boolean {
    counts.identifies += 1;
    return deps.mayStart();
  }

  function identify(socket: WebSocket, data: Json): Session | undefined {
    if (!deps.tokenIsGood(typeof data.token === 'string' ? data.token : undefined))
      return void socket.close(4004, 'Authentication failed.');
    if (!countStart()) return undefined;
    const intents = typeof data.intents === 'number' ? data.intents : -1;
    if (intents < 0 || intents & ~KNOWN_INTENTS) return void socket.close(4013, 'Invalid intent(s).');
    const disallowed = (Object.keys(PRIVILEGED) as PrivilegedIntent[]).some(
      (name) => intents & PRIVILEGED[name] && !deps.approved.has(name),
    );
    if (disallowed) return void socket.close(4014, 'Disallowed intent(s).');
    const session: Session = { id: `session-${deps.newId()}`, intents, sequence: 0, said: [], socket };
    sessions.set(session.id, session);
    const { after, ...facts } = deps.ready();
    say(session, 'READY', {
      v: 10,
      ...facts,
      session_id: session.id,
      resume_gateway_url: deps.url(),
      shard: [0, 1],
    });
    for (const { event, need, data: payload } of after)
      if (need === null || intents & need) say(session, event, payload);
    return session;
  }

  function resume(socket: WebSocket, data: Json): Session | undefined {
    if (!deps.tokenIsGood(typeof data.token === 'string' ? data.token : undefined))
      return void socket.close(4004, 'Authentication failed.');
    const session = sessions.get(String(data.session_id));
    const from = typeof data.seq === 'number' ? data.seq : -1;
    if (!session) return void send(socket, JSON.stringify({ op: 9, d: false, s: null, t: null }));
    if (from < 0 || from > session.sequence) return void socket.close(4007, 'Invalid seq.');
    counts.resumes += 1;
    session.socket?.terminate();
    session.socket = socket;
    for (const { sequence, frame } of session.said) if (sequence > from) send(socket, frame);
    say(session, 'RESUMED', {});
    return session;
  }

  server.on('connection', (socket) => {
    sockets.add(socket);
    const { closes, mute } = mood;
    let session: Session | undefined;
    let sends: number[] = [];
    socket.on('error', () => socket.terminate());
    socket.on('close', (code) => {
      sockets.delete(socket);
      if (!session || session.socket !== socket) return;
      session.socket = null;
      // A client that closes with 1000 or 1001 ends its session (events/gateway: Disconnecting).
      if (code === 1000 || code === 1001) sessions.delete(session.id);
    });
    socket.on('message', (raw: Buffer) => {
      if (raw.length > GATEWAY.payload) return socket.close(4002, 'Decode error.');
      sends = [...sends.filter((at) => Date.now() - at < 60_000), Date.now()];
      if (sends.length > GATEWAY.sendsAMinute) return socket.close(4008, 'Rate limited.');
      let frame: unknown;
      try {
        frame = JSON.parse(raw.toString('utf8'));
      } catch {
        return socket.close(4002, 'Decode error.');
      }
      if (!isJson(frame)) return socket.close(4002, 'Decode error.');
      const data = isJson(frame.d) ? frame.d : {};
      if (frame.op === 1) {
        if (!mood.zombie) send(socket, JSON.stringify({ op: 11, d: null, s: null, t: null }));
      } else if ((frame.op === 2 || frame.op === 6) && closes?.at === 'session') {
        if (frame.op === 2) countStart();
        end(socket, closes.code);
      } else if (frame.op === 2) {
        if (session) return socket.close(4005, 'Already authenticated.');
        session = identify(socket, data);
      } else if (frame.op === 6) {
        if (session) return socket.close(4005, 'Already authenticated.');
        session = resume(socket, data);
      } else if (!session) socket.close(4003, 'Not authenticated.');
      else if (frame.op === 8) say(session, 'GUILD_MEMBERS_CHUNK', deps.members(data, session.intents));
      else if (frame.op !== 3 && frame.op !== 4) socket.close(4001, 'Unknown opcode.');
    });
    if (closes?.at === 'hello') return end(socket, closes.code);
    if (mute) return;
    socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: deps.heartbeatMs }, s: null, t: null }));
  });

  return {
    mood,
    emit(event, need, build) {
      for (const session of sessions.values())
        if (need === null || session.intents & need) say(session, event, build(session.intents));
    },
    reconnect() {
      for (const socket of sockets) socket.send(JSON.stringify({ op: 7, d: null, s: null, t: null }));
    },
    close(code) {
      for (const socket of sockets) end(socket, code);
    },
    forgetSessions: () => sessions.clear(),
    connections: () => sockets.size,
    attempts: () => counts.attempts,
    identifies: () => counts.identifies,
    resumes: () => counts.resumes,
    attach(http) {
      http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        counts.attempts += 1;
        // Whoever asked may be gone at any time.
        socket.on('error', () => {});
        if (mood.down) return void socket.destroy();
        if (mood.stalls) return void stalled.add(socket);
        if (mood.refuses !== undefined)
          return void socket.end(
            `HTTP/1.1 ${mood.refuses} From a mood of the test\r\nConnection: close\r\n\r\n`,
          );
        const query = new URL(request.url ?? '/', 'http://gateway').searchParams;
        server.handleUpgrade(request, socket, head, (ws) => {
          if (query.get('v') !== '10') ws.close(4012, 'Invalid API version.');
          else server.emit('connection', ws, request);
        });
      });
    },
    stop() {
      for (const socket of sockets) socket.terminate();
      for (const socket of stalled) socket.destroy();
      server.close();
    },
  };
}

/** Closes a socket with a code; 1006 stands for a cut line. */
function end(socket: WebSocket, code: number): void {
  if (code === 1006) socket.terminate();
  else socket.close(code);
}

/** The intents that let an event about this kind of place through. */
export function needFor(kind: 'message' | 'reaction', direct: boolean): number {
  if (kind === 'message') return direct ? INTENTS.DIRECT_MESSAGES : INTENTS.GUILD_MESSAGES;
  return direct ? INTENTS.DIRECT_MESSAGE_REACTIONS : INTENTS.GUILD_MESSAGE_REACTIONS;
}
