import { chmodSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { BotError } from '../src/core/errors.ts';

const OWNER_ONLY = 0o600;
/** The umask under which a socket is made so. */
const NOTHING_FOR_OTHERS = 0o177;

/**
 * Listens on a Unix socket that only the bot's own user can open. One that a bot left there which did not end in order is taken
 * away; error `no-socket` for anything else that stands there: it is somebody's.
 */
export async function listenPrivately(server: Server, path: string): Promise<void> {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there && !there.isSocket())
    throw new BotError('no-socket', `${path} is no socket.`, 'Move it away: xaxbot listens there.');
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const umask = process.umask(NOTHING_FOR_OTHERS);
    try {
      server.listen(path, () => {
        server.removeListener('error', reject);
        resolve();
      });
    } finally {
      process.umask(umask);
    }
  });
  chmodSync(path, OWNER_ONLY);
}
