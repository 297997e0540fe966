import type { Uploads } from '../core/adapter-ports.ts';
import type { Db } from './db.ts';

/** One platform's uploads in the database. */
export function createUploads(db: Db, adapter: string): Uploads {
  const find = db
    .prepare<[string, string, string], string>(
      'SELECT remote FROM uploads WHERE adapter = ? AND message = ? AND file = ?',
    )
    .pluck();
  const add = db.prepare(
    'INSERT OR REPLACE INTO uploads (adapter, message, file, remote) VALUES (?, ?, ?, ?)',
  );
  const of = db.prepare<[string, string], { file: string; remote: string }>(
    'SELECT file, remote FROM uploads WHERE adapter = ? AND message = ?',
  );
  const remove = db.prepare('DELETE FROM uploads WHERE adapter = ? AND message = ? AND file = ?');
  return {
    find: (message, file) => find.get(adapter, message, file),
    add: (message, file, remote) => void add.run(adapter, message, file, remote),
    of: (message) => of.all(adapter, message),
    remove: (message, file) => void remove.run(adapter, message, file),
  };
}
