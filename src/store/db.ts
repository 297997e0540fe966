import { mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { BotError, errorText } from '../core/errors.ts';
import type { StorageTrouble } from '../core/storage-error.ts';
import type { Clock } from '../core/time.ts';
import { type Backup, backupsOf, makeBackup } from './backup.ts';
import { troubleOf } from './condition.ts';
import { MIGRATIONS } from './migrations/index.ts';

export type Db = Database.Database;

export const DATABASE_FILE = 'xaxbot.sqlite';
/** So much of its write-ahead log stays on the disk once that is written to the database, bytes. */
const JOURNAL_KEPT = 4 * 1024 * 1024;
/** What SQLite calls a database that gives back pages when it is asked to. */
const INCREMENTAL = 2;
/** How long the opening waits for another process's lock, milliseconds. */
const OPENING_BUSY_MS = 5_000;
/** How long a statement does, which holds up everything meanwhile: nobody but us writes, and what failed is tried again. */
const BUSY_TIMEOUT_MS = 20;

/** What tests choose: a clock, the schema of another version, and how much room there is. */
export interface Opening {
  now?: Clock;
  migrations?: readonly string[];
  /** Bytes that may still be written to a folder. */
  freeBytes?: (folder: string) => number;
}

/**
 * Opens the database in `dataDir`, makes the folder (mode 700) and brings the schema up to date; a copy of what an older
 * xaxbot wrote is kept beside it. Call as the only writer of the folder.
 * Errors: `database-newer` when a newer xaxbot wrote it, `database` when it cannot be opened, `database-copy` when there
 * is an older one and no copy of it could be made, `database-migration` when it could not be brought up to date, and is as it was.
 */
export function openDb(dataDir: string, opening: Opening = {}): Db {
  const path = join(dataDir, DATABASE_FILE);
  let db: Db | undefined;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    db = new Database(path);
    db.pragma(`busy_timeout = ${OPENING_BUSY_MS}`);
    // Before the first table: of a database that has some, from its next VACUUM on.
    db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = WAL');
    db.pragma(`journal_size_limit = ${JOURNAL_KEPT}`);
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    // What somebody takes back is not left in pages that are free.
    db.pragma('secure_delete = ON');
    db.pragma('cache_size = -1024');
  } catch (error) {
    db?.close();
    const said = new BotError(
      'database',
      `The database ${path} cannot be opened: ${errorText(error)}.`,
      'Check the folder named by XAXBOT_DATA_DIR, its free space and its permissions.',
    );
    said.cause = error;
    throw said;
  }
  try {
    migrate(db, path, opening);
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

function migrate(
  db: Db,
  path: string,
  { now = Date.now, migrations = MIGRATIONS, freeBytes }: Opening,
): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > migrations.length) throw newer(path, version, migrations.length);
  if (version === migrations.length) return;
  // An empty file has version 0.
  const backup = version > 0 ? makeBackup(db, path, { version, now: now(), freeBytes }) : undefined;
  let reached = version;
  try {
    // All of them or none: the database always is as one version of xaxbot left it.
    db.transaction(() => {
      reached = db.pragma('user_version', { simple: true }) as number;
      for (const sql of migrations.slice(reached)) {
        db.exec(sql);
        reached += 1;
      }
      db.pragma(`user_version = ${migrations.length}`);
    }).immediate();
  } catch (error) {
    throw unmigrated(error, { path, version, reached, known: migrations.length, backup });
  }
  if (version > 0) compact(db);
}

/** Makes a database of before one that gives back what is free in it; one that cannot be rewritten just now works as well. */
function compact(db: Db): void {
  if (db.pragma('auto_vacuum', { simple: true }) === INCREMENTAL) return;
  try {
    db.exec('VACUUM');
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (troubleOf(error) === undefined) throw error;
  }
}

/** What to do about a migration that the disk, or another program, kept from being written. */
const ADVICE: Partial<Record<StorageTrouble, string>> = {
  full: 'Free up space there, and start xaxbot again.',
  'read-only': 'Give xaxbot write access there, and start it again.',
  locked: 'Close what has it open, as a database browser or another xaxbot, and start xaxbot again.',
  unreadable: 'Look at that disk, and start xaxbot again.',
};

function unmigrated(
  error: unknown,
  was: { path: string; version: number; reached: number; known: number; backup: Backup | undefined },
): BotError {
  const { path, version, reached, known, backup } = was;
  const step = reached < known ? `the step to version ${reached + 1}` : 'writing it down';
  const copy = backup ? `, and ${basename(backup.path)} beside it is a copy` : '';
  const trouble = troubleOf(error);
  const advice =
    (trouble && ADVICE[trouble]) ??
    (backup
      ? 'Go on with the xaxbot that you had until now, which still knows it, and report these words: docs/upgrading.md says how.'
      : `Move it away from ${dirname(path)}, and start xaxbot again.`);
  const said = new BotError(
    'database-migration',
    `The database ${path} could not be brought from version ${version} to ${known}: ${step} failed (${errorText(error)}).`,
    `Nothing in it was changed: it is as it was${copy}. ${advice}`,
  );
  said.cause = error;
  return said;
}

function newer(path: string, version: number, known: number): BotError {
  const copy = backupsOf(path).findLast((each) => each.version <= known);
  const back = copy
    ? ` ${basename(copy.path)} beside it was copied before the upgrade, and this xaxbot can go on from it: docs/upgrading.md says how.`
    : '';
  return new BotError(
    'database-newer',
    `The database ${path} has version ${version}; this xaxbot knows versions up to ${known}.`,
    `A newer xaxbot wrote it: start that one, or name another folder in XAXBOT_DATA_DIR.${back}`,
  );
}
