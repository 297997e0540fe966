import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { FOLLOWED } from '../core/followed.ts';
import { DATABASE_FILE, type Db } from './db.ts';

/** The setting that holds it. */
const SETTING = 'only-queue';

/**
 * What the one queue without a name of its own is called in the database of a data folder, where the host's name may have been
 * another one; else the queue of all its jobs. undefined where the database knows of none, cannot be read, or knows several.
 */
export function onlyQueueIn(dataDir: string): string | undefined {
  const path = join(dataDir, DATABASE_FILE);
  if (!existsSync(path)) return undefined;
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    const kept = db
      .prepare<[string], string>('SELECT value FROM settings WHERE name = ?')
      .pluck()
      .get(SETTING);
    if (kept !== undefined) return kept;
    const names = db
      .prepare<[string], string>('SELECT DISTINCT queue FROM jobs WHERE queue <> ? LIMIT 2')
      .pluck()
      .all(FOLLOWED);
    return names.length === 1 ? names[0] : undefined;
  } catch {
    // The start says what is wrong with it.
    return undefined;
  } finally {
    db?.close();
  }
}

/** From now on it is called so, whatever the host is called. */
export function keepOnlyQueue(db: Db, name: string): void {
  db.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)').run(SETTING, name);
}
