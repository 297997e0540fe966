import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { BotError } from '../core/errors.ts';
import type { Recovered } from '../core/recovered.ts';
import { shellCommand } from '../core/shell-command.ts';
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
/** The folder in which another database is made, and that database once it is to take the place of the present one. */
const UNFINISHED = '.restoring';
const READY = '.restored';
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
  finishReplacing(path);
  const isSuspect = existsSync(`${path}${SUSPECT}`);
  let flaw = flawAtStart(path, isSuspect);
  const trusted = () => rmSync(`${path}${SUSPECT}`, { force: true });
  if (flaw === undefined) {
    try {
      const db = openDb(dataDir, opening);
      trusted();
      return { db, recovered: undefined };
    } catch (error) {
      if ((troubleOf(error) ?? troubleOf((error as Error).cause)) !== 'damaged') throw error;
      flaw = String(error);
    }
  }
  const backup = backupsOf(path).findLast((each) => each.version <= known && isWhole(each.path));
  const recovered = {
    why: 'damaged',
    at: now(),
    backup: madeAt(backup),
    until: lastWritten(path),
    aside: basename(asideOf(path, 'damaged', now())),
  } as const;
  prepare(dataDir, backup?.path, recovered, new Map(), opening);
  replace(path, recovered.aside);
  trusted();
  return { db: openDb(dataDir, opening), recovered };
}

/**
 * Puts a backup in the place of the database, which is set aside. Call as the only writer of the folder. Errors `no-such-backup`,
 * `damaged-backup`, `database-newer`.
 */
export function restore(dataDir: string, file: string, now: number): Recovered & { version: number } {
  const path = join(dataDir, DATABASE_FILE);
  finishReplacing(path);
  if (!existsSync(file) || !statSync(file).isFile())
    throw new BotError(
      'no-such-backup',
      `There is no file ${file}.`,
      `"${shellCommand('restore')}" without a file lists the backups.`,
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
  const isThere = existsSync(path);
  const recovered = {
    why: 'restored',
    at: now,
    backup: madeAt({ at: backupTime(file) }) ?? Math.round(statSync(file).mtimeMs),
    until: isThere ? lastWritten(path) : now,
    aside: isThere ? basename(asideOf(path, 'replaced', now)) : null,
  } as const;
  prepare(dataDir, file, recovered, numbersOf(path), {});
  replace(path, recovered.aside);
  return { ...recovered, version };
}

/** Where the database that is to take the place of another grows. */
export function unfinishedOf(path: string): string {
  return join(`${path}${UNFINISHED}`, DATABASE_FILE);
}

/**
 * Makes the database that goes on from a backup, or from nothing, beside the present one: whole, on the disk, and fit for the world
 * as it is by now. Until it takes the other's place nothing has changed.
 */
function prepare(
  dataDir: string,
  file: string | undefined,
  recovered: Recovered,
  numbers: ReadonlyMap<string, number>,
  opening: Opening,
): void {
  const path = join(dataDir, DATABASE_FILE);
  const made = unfinishedOf(path);
  const folder = dirname(made);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  try {
    if (file !== undefined) copied(file, made);
    const db = openDb(folder, opening);
    try {
      settle(db, recovered, numbers);
    } finally {
      db.close();
    }
    synced(made);
    renameSync(made, `${path}${READY}`);
    synced(dataDir);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts what was prepared in the place of the database, which is kept as `aside`. */
function replace(path: string, aside: string | null): void {
  if (aside !== null) setAside(path, join(dirname(path), aside));
  for (const part of PARTS.slice(1)) rmSync(`${path}${part}`, { force: true });
  renameSync(`${path}${READY}`, path);
  synced(dirname(path));
}

/** A replacement that was cut off by a kill or a power cut is finished, or begun anew where nothing has changed yet. */
function finishReplacing(path: string): void {
  if (!existsSync(`${path}${READY}`)) return;
  if (existsSync(path)) rmSync(`${path}${READY}`);
  else replace(path, null);
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
    // What waited for a job's end then was launched since, as likely as not.
    db.exec(`UPDATE waiting_launches SET state = 'doubtful' WHERE state = 'waiting'`);
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

/** The name under which a database is to be kept. */
function asideOf(path: string, why: 'damaged' | 'replaced', now: number): string {
  const stamped = `${path}.${why}-${copyTime(now)}`;
  let aside = stamped;
  for (let count = 2; existsSync(aside); count += 1) aside = `${stamped}-${count}`;
  return aside;
}

/** Renames a database with all that belongs to it. */
function setAside(path: string, aside: string): void {
  for (const part of PARTS) if (existsSync(`${path}${part}`)) renameSync(`${path}${part}`, `${aside}${part}`);
}

/** Copies a database, with what stands in its write-ahead log alone. */
function copied(file: string, to: string): void {
  closeSync(openSync(to, 'wx', 0o600));
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } finally {
    db.close();
  }
}

function madeAt(backup: Pick<Backup, 'at'> | undefined): number | null {
  const at = backup ? timeOfCopy(backup.at) : Number.NaN;
  return Number.isFinite(at) ? at : null;
}

function backupTime(file: string): string {
  return /(\d{8}T\d{6}Z)$/.exec(file)?.[1] ?? '';
}
