import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { pastText } from './past-chat.ts';

/** How long a file stays that nothing refers to: an answer in private may still be open somewhere. Milliseconds. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** How long one may be under way, milliseconds. */
const WRITING_MS = 24 * 3_600_000;
/** Where messages are kept whose files are shown. */
const MESSAGES = [
  'SELECT body AS text FROM web_messages',
  'SELECT threads AS text FROM web_past',
  `SELECT body AS text FROM deliveries WHERE state IN ('due', 'sending')`,
  'SELECT outcome AS text FROM proposals',
  'SELECT question AS text FROM confirmations',
];
const NAME = /[0-9a-f]{32}\.[a-z0-9]{1,8}/g;
const GONE = '.gone';

/**
 * Removes files of a data folder that no message refers to and that were last made more than seven days ago; how many. One that is
 * made again meanwhile stays: it is put back.
 */
export function pruneFiles(db: Database, folder: string, now: number): number {
  const names = readableNames(folder);
  if (names.length === 0) return 0;
  const referred = new Set<string>();
  for (const sql of MESSAGES)
    for (const { text } of db.prepare<[], { text: string | Uint8Array | null }>(sql).iterate()) {
      const plain = typeof text === 'string' || text === null ? text : pastText(text);
      for (const [name] of plain?.matchAll(NAME) ?? []) referred.add(name);
    }
  let removed = 0;
  for (const name of names) {
    const isWhole = name.match(NAME)?.[0] === name;
    if (referred.has(name)) continue;
    if (removedIfOld(join(folder, name), now - (isWhole ? KEPT_MS : WRITING_MS))) removed += 1;
  }
  return removed;
}

function removedIfOld(path: string, before: number): boolean {
  const isOld = (each: string) =>
    (statSync(each, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY) < before;
  if (!isOld(path)) return false;
  const gone = `${path}${GONE}`;
  renameSync(path, gone);
  if (isOld(gone)) {
    rmSync(gone, { force: true });
    return true;
  }
  renameSync(gone, path);
  return false;
}

function readableNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
