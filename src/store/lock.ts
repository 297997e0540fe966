import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { BotError } from '../core/errors.ts';
import { shellCommand } from '../core/shell-command.ts';

const LOCK_FILE = 'writer.lock';

/**
 * Makes this process the only writer of a data folder until `release`, or until it ends in whatever way: the lock
 * is SQLite's own on a file of its own, which the kernel gives back. Waits up to `waitMs` for another writer.
 * Error `already-running`.
 */
export function acquireLock(dataDir: string, waitMs: number): { release(): void } {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = new Database(join(dataDir, LOCK_FILE));
  try {
    lock.pragma(`busy_timeout = ${waitMs}`);
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    throw new BotError(
      'already-running',
      `Another xaxbot is using ${dataDir}.`,
      `Use that one (it answers "${shellCommand('status')}"), stop it, or name another folder in XAXBOT_DATA_DIR.`,
    );
  }
  return { release: () => void lock.close() };
}
