import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { BotError, errorText } from '../core/errors.ts';
import { troubleOf } from './condition.ts';
import { copyTime } from './copy-time.ts';

/** Of so many versions of the schema backups are kept. */
const VERSIONS_KEPT = 3;
/** So many of the latest stay whatever day they are of. */
const LATEST_KEPT = 3;
const UNFINISHED = '.unfinished';

/** A backup of the database, whole, as it stood at one instant. */
export interface Backup {
  path: string;
  /** Of the schema. */
  version: number;
  /** When it was made, as text that sorts by time. */
  at: string;
}

/** The backups beside a database, the latest last; none where there is no such folder. */
export function backupsOf(path: string): Backup[] {
  if (!existsSync(dirname(path))) return [];
  const prefix = `${basename(path)}.v`;
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => {
      const [, version, at] = /^(\d+)-(\d{8}T\d{6}Z)$/.exec(name.slice(prefix.length)) ?? [];
      return at === undefined ? [] : [{ path: join(dirname(path), name), version: Number(version), at }];
    })
    .sort((a, b) => a.at.localeCompare(b.at) || a.version - b.version);
}

/** Bytes of a file; 0 where there is none. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Bytes of a database on the disk, with what stands in its write-ahead log alone. */
export function databaseBytes(path: string): number {
  return sizeOf(path) + sizeOf(`${path}-wal`);
}

/** The latest backup with its size in bytes; undefined where there is none. */
export function lastBackup(path: string): (Backup & { bytes: number }) | undefined {
  const last = backupsOf(path).at(-1);
  const bytes = last && statSync(last.path, { throwIfNoEntry: false })?.size;
  return last && bytes !== undefined ? { ...last, bytes } : undefined;
}

/**
 * Backs up the whole database, as it stands, to a file beside it that only its owner may read, named by its version and
 * the time (epoch ms): `xaxbot.sqlite.v17-20261130T011205Z`. It is checked, and there whole or not at all, whatever happens
 * meanwhile. Of its version the last of each of the latest `days` days stay, and the latest three; without `days`, and of other versions, only the
 * last. Another process may write to the database; call
 * outside a transaction. Error `database-copy`.
 */
export function makeBackup(
  db: Database.Database,
  path: string,
  {
    version,
    now,
    days,
    freeBytes = bytesFree,
  }: {
    version: number;
    now: number;
    days?: number | undefined;
    freeBytes?: ((folder: string) => number) | undefined;
  },
): Backup {
  const at = copyTime(now);
  const backup = `${path}.v${version}-${at}`;
  const unfinished = `${backup}${UNFINISHED}`;
  try {
    removeUnfinished(path);
    checkRoom(db, path, freeBytes);
    closeSync(openSync(unfinished, 'wx', 0o600));
    db.prepare('VACUUM INTO ?').run(unfinished);
    mustBeWhole(unfinished);
    synced(unfinished);
    renameSync(unfinished, backup);
    synced(dirname(path));
    removeOld(path, version, days);
  } catch (error) {
    removeUnfinished(path);
    throw new BotError(
      'database-copy',
      `No backup of the database ${path} could be made: ${errorText(error)}.`,
      `The database is as it was. Free up space, or grant access, in ${dirname(path)}.`,
    );
  }
  return { path: backup, version, at };
}

/**
 * What SQLite finds wrong with a database file; undefined where it finds nothing. `isThorough`: its indexes too. Throws for what
 * keeps it from reading the file.
 */
export function flawOf(path: string, isThorough = false): string | undefined {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    const found = db.pragma(isThorough ? 'integrity_check(1)' : 'quick_check(1)', { simple: true }) as string;
    return found === 'ok' ? undefined : found.replace(/\s+/g, ' ');
  } catch (error) {
    if (troubleOf(error) === 'damaged') return errorText(error);
    throw error;
  } finally {
    db?.close();
  }
}

/** The version of the schema of a database file. */
export function versionOf(path: string): number {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return db.pragma('user_version', { simple: true }) as number;
  } finally {
    db.close();
  }
}

function mustBeWhole(path: string): void {
  const flaw = flawOf(path);
  if (flaw !== undefined) throw new Error(`it came out damaged (${flaw})`);
}

/** Of an earlier version the last holds what the others do, and more. */
function removeOld(path: string, own: number, days: number | undefined): void {
  const latestFirst = backupsOf(path).reverse();
  const versions = [...new Set(latestFirst.map(({ version }) => version))].slice(0, VERSIONS_KEPT);
  const kept = new Set(versions.map((version) => latestFirst.find((each) => each.version === version)));
  if (days !== undefined) {
    const ours = latestFirst.filter(({ version }) => version === own);
    const ofDays = [...Map.groupBy(ours, ({ at }) => at.slice(0, 8)).values()].map(([last]) => last!);
    for (const each of [...ours.slice(0, LATEST_KEPT), ...ofDays.slice(0, days)]) kept.add(each);
  }
  for (const each of latestFirst) if (!kept.has(each)) rmSync(each.path, { force: true });
}

/** The backup takes as much as the database at most, and what is written before a migration is done as much again. */
function checkRoom(db: Database.Database, path: string, freeBytes: (folder: string) => number): void {
  const pages = db.pragma('page_count', { simple: true }) as number;
  const needed = 2 * pages * (db.pragma('page_size', { simple: true }) as number);
  const free = freeBytes(dirname(path));
  if (free < needed) throw new Error(`${megabytes(needed)} MB are needed, ${megabytes(free)} MB are free`);
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

function bytesFree(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** How much of a backup that is being made is written, bytes; 0 while none is. */
export function unfinishedBytes(path: string): number {
  // Not the journal beside it, which goes in the end.
  const found = unfinishedOf(path).find((each) => each.endsWith(UNFINISHED));
  return found === undefined ? 0 : sizeOf(found);
}

/** What is half made: being made, or left by a process that was killed. */
function unfinishedOf(path: string): string[] {
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(`${basename(path)}.v`) && name.includes(UNFINISHED))
    .map((name) => join(dirname(path), name));
}

function removeUnfinished(path: string): void {
  for (const each of unfinishedOf(path)) rmSync(each, { force: true });
}

/** Puts a file or a folder's names on the disk itself. */
export function synced(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
