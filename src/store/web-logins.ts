import type { Clock } from '../core/time.ts';
import { UNUSED_LOGIN_MS, type WebLogin, type WebLogins } from '../core/web-logins.ts';
import type { Db } from './db.ts';

/** When a login was last used is written down at most this often, milliseconds. */
const USED_MS = 60_000;

interface Row {
  id: string;
  person: string;
  public_key: string;
  browser: string;
  made_at: number;
  used_at: number;
}

/** The web chat's logins in the database. `onAdded` hears of each inside its transaction. */
export function createWebLogins(
  db: Db,
  clock: Clock,
  onAdded: (login: Pick<WebLogin, 'id' | 'person'>) => void = () => {},
): WebLogins {
  const columns = 'id, person, public_key, browser, made_at, used_at';
  const add = db.prepare(`INSERT OR REPLACE INTO web_logins (${columns}) VALUES (?, ?, ?, ?, ?, ?)`);
  const find = db.prepare<[string, number], Row>(
    `SELECT ${columns} FROM web_logins WHERE id = ? AND used_at > ?`,
  );
  const all = db.prepare<[number], Row>(
    `SELECT ${columns} FROM web_logins WHERE used_at > ? ORDER BY used_at DESC, id`,
  );
  const use = db.prepare('UPDATE web_logins SET used_at = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM web_logins WHERE id = ?');
  const expire = db.prepare('DELETE FROM web_logins WHERE used_at <= ?');
  const lastUse = () => clock() - UNUSED_LOGIN_MS;
  const listeners: (() => void)[] = [];

  return {
    add: db.transaction(({ id, person, publicKey, browser }) => {
      expire.run(lastUse());
      add.run(id, person, publicKey, browser, clock(), clock());
      onAdded({ id, person });
    }),
    find(id) {
      const row = find.get(id, lastUse());
      return row && read(row);
    },
    use({ id, usedAt }) {
      if (usedAt < clock() - USED_MS) use.run(clock(), id);
    },
    all: () => all.all(lastUse()).map(read),
    remove(id) {
      const wasThere = remove.run(id).changes > 0;
      if (wasThere) for (const listener of listeners) listener();
      return wasThere;
    },
    onRemoved: (listener) => void listeners.push(listener),
  };
}

function read({ id, person, public_key, browser, made_at, used_at }: Row): WebLogin {
  return { id, person, publicKey: public_key, browser, madeAt: made_at, usedAt: used_at };
}
