import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Db } from '../src/store/db.ts';

/** How a database comes to take nothing, and how that is over. */
export const DISK_TROUBLES: Record<string, (db: Db, folder: string) => () => void> = {
  'The disk of the data folder is full': (db) => {
    db.exec('CREATE TABLE filler (x BLOB)');
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    // Whatever room is left within the pages that there are.
    for (;;)
      try {
        db.prepare('INSERT INTO filler VALUES (zeroblob(2000))').run();
      } catch {
        break;
      }
    return () => {
      db.pragma('max_page_count = 1000000');
      db.exec('DROP TABLE filler');
    };
  },
  'cannot be written to': (db) => {
    db.pragma('query_only = ON');
    return () => void db.pragma('query_only = OFF');
  },
  'Another program holds the database locked': (_db, folder) => {
    const other = new Database(join(folder, 'data', 'xaxbot.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    return () => void other.close();
  },
};
