import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { BotError, errorText } from '../../src/core/errors.ts';
import { listenPrivately } from '../private-socket.ts';
import { UNIX, type WebSettings } from './settings.ts';
import type { WebTimings } from './timings.ts';

/** Connections at a time on which nobody has signed a request; for one more the oldest is closed. */
const STRANGERS_MAX = 100;
/** Names of one machine that a browser or sshd may take for one another: nobody else is to answer by the other. */
const OTHER_LOOPBACK: Record<string, string> = { '127.0.0.1': '::1', '::1': '127.0.0.1' };
/** A machine without the other family. */
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'];

export interface Servers {
  /** The port that was taken; undefined for a socket. */
  port: number | undefined;
  /** Another program holds the port of the other loopback address. */
  isShadowed: boolean;
  /** A request on this connection was signed. */
  welcome(socket: Socket): void;
  close(): Promise<void>;
}

/**
 * Opens the chat: on its address and, of a loopback address, on the other one too, or on a socket that only the bot's own user
 * can open. Errors `port-in-use`, `web-port`, `web-socket`, `no-socket`.
 */
export async function openServers(
  fetch: Parameters<typeof createAdaptorServer>[0]['fetch'],
  { host, port }: WebSettings,
  socketPath: string,
  { headMs, requestMs, lookMs, silentMs }: WebTimings,
): Promise<Servers> {
  const serverOptions = {
    headersTimeout: headMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: lookMs,
  };
  const strangers = new Set<Socket>();
  const servers: Server[] = [];

  async function open(listen: (server: Server) => Promise<void>): Promise<Server> {
    const server = createAdaptorServer({ fetch, serverOptions }) as Server;
    server.timeout = silentMs;
    server.on('connection', (socket) => {
      strangers.add(socket);
      socket.once('close', () => strangers.delete(socket));
      if (strangers.size > STRANGERS_MAX) [...strangers].find((each) => each !== socket)?.destroy();
    });
    await listen(server);
    servers.push(server);
    return server;
  }

  async function openOther({ address, port: taken }: AddressInfo): Promise<boolean> {
    const other = OTHER_LOOPBACK[address];
    if (other === undefined) return false;
    try {
      await open((server) => listen(server, other, taken));
      return false;
    } catch (error) {
      return !NO_SUCH_ADDRESS.includes((error as NodeJS.ErrnoException).code ?? '');
    }
  }

  const opened = {
    welcome: (socket: Socket) => void strangers.delete(socket),
    async close() {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const server of servers) server.closeAllConnections();
      await Promise.all(closed);
      if (host === UNIX) rmSync(socketPath, { force: true });
    },
  };
  if (host === UNIX) {
    await open((server) => listenPrivately(server, socketPath)).catch((error) => {
      if (error instanceof BotError) throw error;
      throw new BotError(
        'web-socket',
        `The web chat cannot listen on ${socketPath}: ${errorText(error)}.`,
        "A socket needs a short path, in a folder of the bot's own: set XAXBOT_DATA_DIR to one.",
      );
    });
    return { ...opened, port: undefined, isShadowed: false };
  }
  const server = await open((made) => listen(made, host, port)).catch((error) => {
    throw cannotListen(error, host, port);
  });
  const taken = server.address() as AddressInfo;
  return { ...opened, port: taken.port, isShadowed: await openOther(taken) };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): BotError {
  const inUse = error.code === 'EADDRINUSE';
  const what = inUse
    ? `Port ${port} of ${host} is in use.`
    : `The web chat cannot listen on ${host}:${port}: ${error.message}.`;
  return new BotError(
    inUse ? 'port-in-use' : 'web-port',
    what,
    inUse
      ? `Stop what listens there, perhaps another xaxbot ("ss -ltnp 'sport = :${port}'" names it), or set XAXBOT_WEB_PORT to a free port in .env (0 takes one); "off" does without the web chat.`
      : 'Set XAXBOT_WEB_PORT to a free port, or to "off".',
  );
}
