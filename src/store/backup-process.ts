import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { errorText } from '../core/errors.ts';
import { flawOf, makeBackup } from './backup.ts';
import { pruneFiles } from './prune-files.ts';

/**
 * The process that backs a database up, or checks it: both read all of it, which would hold the bot up. Its arguments are the
 * database, and of how many days backups are kept; 0: it is only checked. After a backup the files that nobody needs any more go. Its one line on standard output is JSON.
 */
const [path = '', days = '0'] = process.argv.slice(2);

function done(): object {
  const flaw = flawOf(path);
  if (flaw !== undefined) return { flaw };
  if (days === '0') return {};
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const version = db.pragma('user_version', { simple: true }) as number;
    const backup = makeBackup(db, path, { version, now: Date.now(), days: Number(days) });
    pruneFiles(db, join(dirname(path), 'files'), Date.now());
    return { backup };
  } finally {
    db.close();
  }
}

try {
  process.stdout.write(`${JSON.stringify(done())}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: errorText(error) })}\n`);
}
