import type { Db } from './db.ts';

/** Files that were given to a platform for a message, so that they are not given twice and can be taken away. */
export interface Uploads {
  /** The platform's id of a file that was uploaded for this message. */
  find(message: string, file: string): string | undefined;
  add(message: string, file: string, remote: string): void;
  /** What was uploaded for a message. */
  of(message: string): { file: string; remote: string }[];
  remove(message: string, file: string): void;
}

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
