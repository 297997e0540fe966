import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { BotError, errorText } from '../core/errors.ts';

/** Of so many older versions a copy is kept, the newest of each. */
const VERSIONS_KEPT = 3;
const UNFINISHED = '.unfinished';

/** A database as it was before it was brought to a newer version. */
export interface Copy {
  path: string;
  version: number;
  /** When it was made, as text that sorts by time. */
  at: string;
}

/** The copies beside a database, the latest last. */
export function copiesOf(path: string): Copy[] {
  const prefix = `${basename(path)}.v`;
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => {
      const [, version, at] = /^(\d+)-(\d{8}T\d{6}Z)$/.exec(name.slice(prefix.length)) ?? [];
      return at === undefined ? [] : [{ path: join(dirname(path), name), version: Number(version), at }];
    })
    .sort((a, b) => a.at.localeCompare(b.at) || a.version - b.version);
}

/**
 * Copies the whole database, as it stands, to a file beside it that only its owner may read, named by its version and
 * the time (epoch ms): `xaxbot.sqlite.v17-20261130T011205Z`. The copy is there whole or not at all, whatever happens
 * meanwhile. Call outside a transaction, as the only writer. Error `database-copy`.
 */
export function keepCopy(
  db: Database,
  path: string,
  version: number,
  now: number,
  freeBytes: (folder: string) => number = bytesFree,
): Copy {
  const at = `${new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const copy = `${path}.v${version}-${at}`;
  const unfinished = `${copy}${UNFINISHED}`;
  try {
    removeUnfinished(path);
    checkRoom(db, path, freeBytes);
    closeSync(openSync(unfinished, 'wx', 0o600));
    db.prepare('VACUUM INTO ?').run(unfinished);
    synced(unfinished);
    renameSync(unfinished, copy);
    synced(dirname(path));
    removeOldCopies(path);
  } catch (error) {
    removeUnfinished(path);
    throw new BotError(
      'database-copy',
      `The database ${path} has the older version ${version}, and no copy of it could be made: ${errorText(error)}.`,
      `Nothing was changed. A database is copied before it is upgraded: free up space, or grant access, in ${dirname(path)} and restart.`,
    );
  }
  return { path: copy, version, at };
}

/** Of a version that was left several times only the last copy is kept: it holds what the others do, and more. */
function removeOldCopies(path: string): void {
  const newestFirst = copiesOf(path).reverse();
  const kept = new Map<number, Copy>();
  for (const copy of newestFirst)
    if (!kept.has(copy.version) && kept.size < VERSIONS_KEPT) kept.set(copy.version, copy);
  for (const copy of newestFirst) if (kept.get(copy.version) !== copy) rmSync(copy.path, { force: true });
}

/** The copy takes as much as the database at most, and what is written before a migration is done as much again. */
function checkRoom(db: Database, path: string, freeBytes: (folder: string) => number): void {
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

/** What a process that was killed has left half made. */
function removeUnfinished(path: string): void {
  for (const name of readdirSync(dirname(path)))
    if (name.startsWith(`${basename(path)}.v`) && name.endsWith(UNFINISHED))
      rmSync(join(dirname(path), name), { force: true });
}

function synced(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
