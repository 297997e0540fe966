import { createHash } from 'node:crypto';
import type { Db } from './db.ts';
import type { Session } from './sessions.ts';

/** A remark that did not recur for this long may be made again: 30 days, as long as older states of rows are kept. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** What was said of sessions' logs, so that it is said once, however often the same file is saved and read. */
export function createRemarkStore(db: Db) {
  const seen = db.prepare('UPDATE log_remarks SET seen_at = ? WHERE session = ? AND remark = ?');
  const add = db.prepare('INSERT INTO log_remarks (seen_at, session, remark) VALUES (?, ?, ?)');
  const forget = db.prepare('DELETE FROM log_remarks WHERE seen_at < ?');

  return {
    /** Whether it was not said yet; it counts as said from now (epoch ms) on. */
    isNew({ id }: Pick<Session, 'id'>, remark: string, now: number): boolean {
      const key = createHash('sha256').update(remark).digest('base64url');
      if (seen.run(now, id, key).changes > 0) return false;
      forget.run(now - KEPT_MS);
      add.run(now, id, key);
      return true;
    },
  };
}
