import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** A port of its own that leads to a server's, and refuses connections while it is shut. */
export async function startDoor(url: string) {
  const { port, pathname } = new URL(url);
  const open = new Set<Socket>();
  const door = createServer((socket) => {
    open.add(socket.once('close', () => open.delete(socket)));
    const server = connect(Number(port), '127.0.0.1');
    pipeline(socket, server, socket, () => {});
  });
  const listen = (at: number) =>
    new Promise<void>((resolve, reject) => void door.once('error', reject).listen(at, '127.0.0.1', resolve));
  await listen(0);
  const own = (door.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${own}${pathname}`,
    async shut(): Promise<void> {
      const isShut = new Promise((resolve) => door.close(resolve));
      for (const socket of open) socket.destroy();
      await isShut;
    },
    open: () => listen(own),
  };
}

export type Door = Awaited<ReturnType<typeof startDoor>>;
