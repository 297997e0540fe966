import type { Database } from 'better-sqlite3';
import type { HealthItem } from '../core/services/health.ts';
import { diskError, StorageError, type StorageTrouble } from '../core/storage-error.ts';
import { type Clock, isoSeconds } from '../core/time.ts';

/** SQLite's result codes (sqlite.org/rescode.html) by how they begin, and what they come to. */
const TROUBLES: readonly [code: string, trouble: StorageTrouble][] = [
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_CANTOPEN', 'unreadable'],
  ['SQLITE_IOERR', 'unreadable'],
  ['SQLITE_BUSY', 'locked'],
  ['SQLITE_LOCKED', 'locked'],
  ['SQLITE_PROTOCOL', 'locked'],
];

/** What the trouble with a database is; undefined for any other error. */
export function troubleOf(error: unknown): StorageTrouble | undefined {
  if (error instanceof StorageError) return error.trouble;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return undefined;
  return TROUBLES.find(([beginning]) => code.startsWith(beginning))?.[1];
}

export interface Condition {
  /** For people; ok while everything can be written. */
  health(): HealthItem | undefined;
  /** Writes something, while there is trouble, to see whether it is over. */
  probe(): void;
  /** The file is found to be damaged, by a statement or by whoever says so. */
  damaged(reason: string): void;
  onDamage(hear: (reason: string) => void): void;
}

/**
 * Watches what becomes of a database's statements: each that fails for what the database or its disk is says so in the same words, and
 * the trouble stands until something has been written again.
 */
export function watchCondition(db: Database, clock: Clock): Condition {
  let trouble: { error: StorageError; since: number } | undefined;
  const hearers: ((reason: string) => void)[] = [];
  let isWritten = false;

  function damaged(reason: string): void {
    for (const hear of hearers) hear(reason);
  }

  function failed(error: unknown): unknown {
    const kind = troubleOf(error);
    if (kind === undefined || error instanceof StorageError) return error;
    const said = new StorageError(kind, error);
    trouble = { error: said, since: trouble?.error.trouble === kind ? trouble.since : clock() };
    if (kind === 'damaged') damaged(said.message);
    return said;
  }

  /** `outermost`: what it wrote is on the disk when it returns. */
  function watched<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
    return function (this: unknown, ...args: A): R {
      try {
        const result = work.apply(this, args);
        isWritten ||= hasChanged(result);
        if (isWritten && !db.inTransaction) {
          isWritten = false;
          if (trouble?.error.trouble !== 'damaged') trouble = undefined;
        }
        return result;
      } catch (error) {
        if (!db.inTransaction) isWritten = false;
        throw failed(error);
      }
    };
  }

  const { prepare, transaction } = db;
  db.prepare = ((source: string) => {
    const statement = watched(() => prepare.call(db, source))();
    for (const method of ['run', 'get', 'all'] as const) {
      const own = statement[method] as (...args: unknown[]) => unknown;
      if (typeof own === 'function') statement[method] = watched(own) as never;
    }
    return statement;
  }) as typeof db.prepare;
  db.transaction = ((work: (...args: unknown[]) => unknown) => {
    const made = transaction.call(db, work);
    return Object.assign(
      watched(made),
      Object.fromEntries(
        (['default', 'deferred', 'immediate', 'exclusive'] as const).map((kind) => [
          kind,
          watched(made[kind]),
        ]),
      ),
    );
  }) as unknown as typeof db.transaction;

  return {
    health() {
      if (!trouble) return undefined;
      const { error, since } = trouble;
      return { name: 'database', ok: false, detail: `${error.message} Since ${isoSeconds(since)}.` };
    },
    probe() {
      if (!trouble) return;
      try {
        db.prepare(`INSERT OR REPLACE INTO settings (name, value) VALUES ('written', ?)`).run(
          String(clock()),
        );
      } catch {
        // It is known, and shown in health.
      }
    },
    damaged,
    onDamage: (hear) => void hearers.push(hear),
  };
}

function hasChanged(result: unknown): boolean {
  return (
    typeof result === 'object' && result !== null && ((result as { changes?: unknown }).changes as number) > 0
  );
}

/** Whether a start that failed so may be tried again: its disk or a lock was in the way, which passes. */
export function isPassing(error: unknown): boolean {
  const trouble = (each: unknown) => diskError(each)?.trouble ?? troubleOf(each);
  const found = trouble(error) ?? trouble((error as { cause?: unknown } | null)?.cause);
  return found !== undefined && found !== 'damaged';
}
