import { chmodSync, copyFileSync, existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { BotError } from '../core/errors.ts';
import type { Recovered } from '../core/recovered.ts';
import { type Backup, backupsOf, flawOf, synced, versionOf } from './backup.ts';
import { troubleOf } from './condition.ts';
import { copyTime, timeOfCopy } from './copy-time.ts';
import { DATABASE_FILE, type Db, type Opening, openDb } from './db.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { NUMBERED, tableOf } from './numbering.ts';
import { keepRecovered } from './recovered.ts';

/** Up to this size a database is checked before it is opened: 0.3 s; beyond, the bot checks it while it works. Bytes. */
export const CHECKED_AT_START_MAX = 64 * 1024 * 1024;
/** How many numbers of a table may have been given out since a backup, where that cannot be read any more. */
const NUMBERS_LEFT_OUT = 100_000;
/** What is beside a database that was found to be damaged, until it is opened anew. */
const SUSPECT = '.suspect';
/** The files of a database: itself, its log, and the index of that. */
const PARTS = ['', '-wal', '-shm'];

/** The next opening of the database is to look at all of it. */
export function suspect(dataDir: string): void {
  writeFileSync(`${join(dataDir, DATABASE_FILE)}${SUSPECT}`, '', { mode: 0o600 });
}

/**
 * Opens the database as `openDb` does. One that is damaged is set aside, and its newest backup that is whole takes its place; without one
 * a new database does. Nothing is deleted. `recovered`: what was done about it, if anything had to be.
 */
export function openWhole(
  dataDir: string,
  opening: Opening = {},
): { db: Db; recovered: Recovered | undefined } {
  const path = join(dataDir, DATABASE_FILE);
  const known = opening.migrations?.length ?? MIGRATIONS.length;
  const { now = Date.now } = opening;
  const isSuspect = existsSync(`${path}${SUSPECT}`);
  let flaw = flawAtStart(path, isSuspect);
  rmSync(`${path}${SUSPECT}`, { force: true });
  if (flaw === undefined) {
    try {
      return { db: openDb(dataDir, opening), recovered: undefined };
    } catch (error) {
      if ((troubleOf(error) ?? troubleOf((error as Error).cause)) !== 'damaged') throw error;
      flaw = String(error);
    }
  }
  const until = lastWritten(path);
  const aside = setAside(path, 'damaged', now());
  const backup = backupsOf(path).findLast((each) => each.version <= known && isWhole(each.path));
  if (backup) putInPlace(backup.path, path);
  const db = openDb(dataDir, opening);
  const recovered = {
    why: 'damaged',
    at: now(),
    backup: madeAt(backup),
    until,
    aside: basename(aside),
  } as const;
  settle(db, recovered, new Map());
  return { db, recovered };
}

/**
 * Puts a backup in the place of the database, which is set aside. Call as the only writer of the folder. Errors `no-such-backup`,
 * `damaged-backup`, `database-newer`.
 */
export function restore(dataDir: string, file: string, now: number): Recovered & { version: number } {
  const path = join(dataDir, DATABASE_FILE);
  if (!existsSync(file) || !statSync(file).isFile())
    throw new BotError(
      'no-such-backup',
      `There is no file ${file}.`,
      '"xaxbot restore" without a file lists the backups.',
    );
  const flaw = flawText(file);
  if (flaw !== undefined)
    throw new BotError(
      'damaged-backup',
      `${file} is no whole database (${flaw}).`,
      'Nothing was changed: choose another.',
    );
  const version = versionOf(file);
  if (version === 0 || version > MIGRATIONS.length)
    throw new BotError(
      'database-newer',
      `${file} has version ${version} of the schema; this xaxbot knows 1 to ${MIGRATIONS.length}.`,
      'Nothing was changed: choose another, or restore it with the xaxbot that wrote it.',
    );
  const numbers = numbersOf(path);
  const until = existsSync(path) ? lastWritten(path) : now;
  const made = { path: file, version, at: backupTime(file) };
  const unfinished = copied(file, path);
  const aside = existsSync(path) ? setAside(path, 'replaced', now) : null;
  moved(unfinished, path);
  const recovered = {
    why: 'restored',
    at: now,
    backup: madeAt(made) ?? statSync(file).mtimeMs,
    until,
    aside: aside && basename(aside),
  } as const;
  const db = openDb(dataDir);
  settle(db, recovered, numbers);
  db.close();
  return { ...recovered, version };
}

/** Makes what a backup holds fit for a world that went on without it. */
function settle(db: Db, recovered: Recovered, numbers: ReadonlyMap<string, number>): void {
  const raise = db.prepare('INSERT OR REPLACE INTO numbering (name, above) VALUES (?, ?)');
  db.transaction(() => {
    const own = numbersIn(db);
    for (const name of Object.keys(NUMBERED))
      raise.run(name, Math.max((own.get(name) ?? 0) + NUMBERS_LEFT_OUT, numbers.get(name) ?? 0));
    // What waited then was said since, as likely as not: it is looked up first.
    db.exec(`UPDATE deliveries SET state = 'sending' WHERE state = 'due' AND ref IS NULL`);
    // What was under way then has ended since.
    db.exec('UPDATE kills SET finished_at = at WHERE finished_at IS NULL');
    db.exec('UPDATE edits SET finished_at = at WHERE finished_at IS NULL');
    db.exec(`UPDATE launches SET state = 'failed' WHERE enqueued_at IS NULL AND state <> 'failed'`);
    db.exec(
      `UPDATE proposals SET state = 'expired', decided_at = expires_at WHERE state IN ('waiting', 'running')`,
    );
    // Who was let in, and what was asked, may have been taken back since.
    for (const table of ['confirmations', 'link_codes', 'web_logins']) db.exec(`DELETE FROM ${table}`);
    keepRecovered(db, recovered);
  }).immediate();
}

function numbersIn(db: Database.Database): Map<string, number> {
  return new Map(
    Object.entries(NUMBERED).map(([name, column]) => {
      const last = db
        .prepare<[], number | null>(`SELECT max(${column}) FROM ${tableOf(name)}`)
        .pluck()
        .get();
      return [name, last ?? 0];
    }),
  );
}

/** The last numbers of a database that may be damaged, or of another version: as far as they can be read. */
function numbersOf(path: string): Map<string, number> {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    return numbersIn(db);
  } catch {
    return new Map();
  } finally {
    db?.close();
  }
}

function flawAtStart(path: string, isSuspect: boolean): string | undefined {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size;
  if (bytes === undefined) return undefined;
  // SQLite takes an empty file for a database that is to be made.
  if (bytes === 0) return backupsOf(path).length > 0 ? 'it is empty' : undefined;
  if (bytes > CHECKED_AT_START_MAX && !isSuspect) return undefined;
  try {
    return flawOf(path, isSuspect);
  } catch {
    // Who opens it says why it cannot be read.
    return undefined;
  }
}

function flawText(path: string): string | undefined {
  try {
    return flawOf(path);
  } catch (error) {
    return String(error);
  }
}

function isWhole(path: string): boolean {
  return flawText(path) === undefined;
}

/** When anything was written to a database last, epoch milliseconds. */
function lastWritten(path: string): number {
  const times = ['', '-wal'].map(
    (part) => statSync(`${path}${part}`, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return Math.round(Math.max(...times));
}

/** Renames a database with all that belongs to it; its new name. */
function setAside(path: string, why: 'damaged' | 'replaced', now: number): string {
  const stamped = `${path}.${why}-${copyTime(now)}`;
  let aside = stamped;
  for (let count = 2; existsSync(aside); count += 1) aside = `${stamped}-${count}`;
  for (const part of PARTS) if (existsSync(`${path}${part}`)) renameSync(`${path}${part}`, `${aside}${part}`);
  return aside;
}

function putInPlace(file: string, path: string): void {
  moved(copied(file, path), path);
}

/** A copy of a file beside the database, whole and on the disk. */
function copied(file: string, path: string): string {
  const unfinished = `${path}.v0.unfinished`;
  rmSync(unfinished, { force: true });
  copyFileSync(file, unfinished);
  chmodSync(unfinished, 0o600);
  synced(unfinished);
  return unfinished;
}

function moved(unfinished: string, path: string): void {
  for (const part of PARTS.slice(1)) rmSync(`${path}${part}`, { force: true });
  renameSync(unfinished, path);
  synced(dirname(path));
}

function madeAt(backup: Pick<Backup, 'at'> | undefined): number | null {
  const at = backup ? timeOfCopy(backup.at) : Number.NaN;
  return Number.isFinite(at) ? at : null;
}

function backupTime(file: string): string {
  return /(\d{8}T\d{6}Z)$/.exec(file)?.[1] ?? '';
}
