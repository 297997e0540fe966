import { createWebAdapter, type WebAdapterOptions } from '../adapters/web/index.ts';
import { createChatStore } from '../src/store/chat.ts';
import type { Db } from '../src/store/db.ts';
import { createWebLogins } from '../src/store/web-logins.ts';

/** The web chat on a database and a free port, with one channel, for these people; `more` stands instead. */
export function createTestWeb(
  db: Db,
  { clock = Date.now, ...more }: Partial<WebAdapterOptions> & Pick<WebAdapterOptions, 'personById'>,
) {
  return createWebAdapter({
    settings: { host: '127.0.0.1', port: 0, publicOrigin: null },
    store: createChatStore(db, clock),
    logins: createWebLogins(db, clock),
    channels: () => [{ id: 'queue', title: 'Queue', description: '' }],
    fileAt: async () => undefined,
    about: () => ({ hostLabel: 'host', simulated: false }),
    dataDir: '',
    houseHealth: () => [],
    clock,
    ...more,
  });
}
