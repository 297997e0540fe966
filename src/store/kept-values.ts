import type { KeptValues } from '../core/adapter-ports.ts';
import type { Db } from './db.ts';

/** Whose the values are that the bot keeps for itself. */
export const OWN = 'xaxbot';

/** One adapter's kept values in the database. */
export function createKeptValues(db: Db, adapter: string): KeptValues {
  const get = db
    .prepare<[string, string], string>('SELECT value FROM kept_values WHERE adapter = ? AND name = ?')
    .pluck();
  const set = db.prepare('INSERT OR REPLACE INTO kept_values (adapter, name, value) VALUES (?, ?, ?)');
  return {
    get(name) {
      const text = get.get(adapter, name);
      return text === undefined ? undefined : JSON.parse(text);
    },
    set: (name, value) => void set.run(adapter, name, JSON.stringify(value)),
  };
}
