import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { BotError, errorText } from '../core/errors.ts';
import { MIGRATIONS } from './migrations/index.ts';

export type Db = Database.Database;

const DATABASE_FILE = 'xaxbot.sqlite';
/** How long a statement waits for another process's lock, milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens the database in `dataDir`, makes the folder (mode 700) and brings the schema up to date.
 * Errors: `database-newer` when a newer xaxbot wrote it, `database` when it cannot be opened.
 */
export function openDb(dataDir: string): Db {
  const path = join(dataDir, DATABASE_FILE);
  let db: Db;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    db = new Database(path);
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    db.pragma('cache_size = -1024');
  } catch (error) {
    throw new BotError(
      'database',
      `The database ${path} cannot be opened: ${errorText(error)}.`,
      'Check the folder named by XAXBOT_DATA_DIR, its free space and its permissions.',
    );
  }
  migrate(db, path);
  return db;
}

function migrate(db: Db, path: string): void {
  db.transaction(() => {
    const version = db.pragma('user_version', { simple: true }) as number;
    if (version > MIGRATIONS.length) {
      throw new BotError(
        'database-newer',
        `The database ${path} has version ${version}; this xaxbot knows versions up to ${MIGRATIONS.length}.`,
        'A newer xaxbot wrote it: start that one, or name another folder in XAXBOT_DATA_DIR.',
      );
    }
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index < version) continue;
      db.exec(sql);
      db.pragma(`user_version = ${index + 1}`);
    }
  }).immediate();
}
