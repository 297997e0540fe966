import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

/** How long something is tried before it is given up and reported, milliseconds. */
export const GIVE_UP_MS = 3 * 24 * 3_600_000;
/** How long something may wait for its turn before that is reported, milliseconds. */
const PATIENCE_MS = 60_000;
/** How long what was given up is reported, milliseconds. */
const REPORT_MS = 7 * 24 * 3_600_000;
/** How long a post is reported that went out plainer than it was meant, milliseconds; a card for as long as it is so. */
const PLAIN_REPORT_MS = 24 * 3_600_000;

export interface Trouble {
  adapter: string;
  /** `due`: it is tried again. `dead`: it was given up. `plain`: it was refused, and went out in a plainer form. */
  state: 'due' | 'dead' | 'plain';
  count: number;
  error: string;
}

/** What is to be said. */
export interface Depth {
  posts: number;
  cards: number;
  /** When the oldest post that waits was to be said, epoch milliseconds; null where none waits. */
  oldest: number | null;
}

/** What could not be said so far, or not as it was meant. */
export function createTrouble(db: Db, clock: Clock) {
  const trouble = db.prepare<[number, number, number], Trouble>(
    `SELECT adapter, CASE state WHEN 'dead' THEN 'dead' WHEN 'done' THEN 'plain' ELSE 'due' END AS state,
       count(*) AS count, max(error) AS error FROM deliveries
     WHERE error IS NOT NULL AND (
       (state = 'dead' AND created_at > ?) OR (state IN ('due', 'sending') AND (attempts > 0 OR created_at < ?))
       OR (state = 'done' AND form > 0 AND (kind = 'card' OR created_at > ?)))
     GROUP BY 1, 2`,
  );
  const giveUp = db.prepare(
    `UPDATE deliveries SET state = 'dead', error = 'given up after three days: ' || coalesce(error, 'no answer')
     WHERE kind = 'post' AND state IN ('due', 'sending') AND error IS NOT NULL AND created_at <= ?`,
  );
  const depth = db.prepare<[], Depth>(
    `SELECT count(*) FILTER (WHERE kind = 'post') AS posts, count(*) FILTER (WHERE kind = 'card') AS cards,
       min(max(created_at, not_before)) FILTER (WHERE kind = 'post') AS oldest
     FROM deliveries WHERE state IN ('due', 'sending')`,
  );
  return {
    /** How much waits. */
    depth: () => depth.get()!,
    /** By adapter. */
    trouble: () => trouble.all(clock() - REPORT_MS, clock() - PATIENCE_MS, clock() - PLAIN_REPORT_MS),
    /** Posts that failed for too long are given up. */
    giveUp: () => void giveUp.run(clock() - GIVE_UP_MS),
  };
}
