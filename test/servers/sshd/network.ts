import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Direction = 'up' | 'down';

/** The line between a client and a server, with what can go wrong with it. `up` is what the client sends. */
export interface Network {
  port: number;
  /** Bytes that passed so far. */
  moved: Record<Direction, number>;
  /** Connections made so far, and those that are open. */
  connections: () => { made: number; open: number };
  /** Nothing passes any more and nobody is told, as behind a lost route; in one direction alone if one is given. */
  goSilent: (direction?: Direction) => void;
  /** All that waits passes, and the line is fast again. */
  resume: () => void;
  /** Each piece is held back for so long. */
  slowDown: (delayMs: number) => void;
  /** Ends the connections that are open; new ones may come. */
  cut: () => void;
  /** Ends them in the middle: after so many more bytes from the client. */
  cutAfter: (bytesUp: number) => void;
  close: () => Promise<void>;
}

/** Listens on a free port of 127.0.0.1 and passes everything on to `serverPort`. */
export async function startNetwork(serverPort: number): Promise<Network> {
  const open = new Set<Socket>();
  const moved = { up: 0, down: 0 };
  const silent = new Set<Direction>();
  let wake = Promise.withResolvers<void>();
  let made = 0;
  let delayMs = 0;
  let upLeft = Number.POSITIVE_INFINITY;

  const cut = () => {
    for (const socket of open) socket.destroy();
  };

  async function pass(direction: Direction, from: Socket, to: Socket) {
    for await (const piece of from as AsyncIterable<Buffer>) {
      if (delayMs > 0) await sleep(delayMs);
      while (silent.has(direction)) await wake.promise;
      const part = direction === 'up' ? piece.subarray(0, Math.max(0, upLeft)) : piece;
      moved[direction] += part.length;
      if (!to.write(part)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
      if (direction !== 'up') continue;
      upLeft -= piece.length;
      if (upLeft > 0) continue;
      upLeft = Number.POSITIVE_INFINITY;
      // What was let through arrives, and then the end of it.
      to.end();
      from.destroy();
      return;
    }
    while (silent.has(direction)) await wake.promise;
    to.end();
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    made += 1;
    const target = connect({ port: serverPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    for (const socket of [client, target]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => open.delete(socket));
    }
    const line = [pass('up', client, target), pass('down', target, client)];
    for (const way of line) {
      way.catch(async () => {
        // One end is gone. The other learns of it when the line speaks again.
        while (silent.size > 0) await wake.promise;
        client.destroy();
        target.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const resume = () => {
    silent.clear();
    delayMs = 0;
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  return {
    port: (server.address() as AddressInfo).port,
    moved,
    connections: () => ({ made, open: Math.ceil(open.size / 2) }),
    goSilent: (direction) => {
      for (const each of direction ? [direction] : (['up', 'down'] as const)) silent.add(each);
    },
    resume,
    slowDown: (ms) => {
      delayMs = ms;
    },
    cut,
    cutAfter: (bytes) => {
      upLeft = bytes;
    },
    close: async () => {
      cut();
      resume();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
