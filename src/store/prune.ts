import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';
import { createPastChat } from './past-chat.ts';

const DAY_MS = 24 * 3_600_000;
/** How long a post that was said, or given up, is kept: nothing asks for it, and its key does not come again. */
const POST_MS = 30 * DAY_MS;
/** How long a watch's episode is kept once it is over, for whoever asks what happened since. */
const EPISODE_MS = 180 * DAY_MS;
/** After how long a thread of the web chat in which nothing happens is put with others. */
const THREAD_MS = 7 * DAY_MS;
/** So many rows go at a time, so that nothing waits for it. */
const AT_A_TIME = 500;
/** Free pages that stay in the file for what comes: so many, and so many parts of all; and how many are given back at a time. */
const SPARE = { pages: 500, parts: 1 / 50, atATime: 250 };
/** How long threads are put together at a time, milliseconds. */
const SLICE_MS = 8;
/** How often it is looked whether there are any, milliseconds. */
const EVERY_MS = 3_600_000;

/** Takes rows out that serve nobody any more, and puts old threads together, a few at a time. */
export function createPruning(db: Db, clock: Clock) {
  const some = (table: string, condition: string) =>
    db.prepare(
      `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${condition} LIMIT ${AT_A_TIME})`,
    );
  const rules = [
    {
      forget: some('deliveries', `kind = 'post' AND state IN ('done', 'dead', 'left') AND created_at <= ?`),
      ms: POST_MS,
    },
    { forget: some('watch_episodes', 'over_at <= ?'), ms: EPISODE_MS },
    { forget: some('watch_mutes', 'until <= ?'), ms: 0 },
    { forget: some('ping_mutes', 'until <= ?'), ms: 0 },
  ];
  const past = createPastChat(db);
  let nextAt = 0;

  /** Whether there are more. */
  function keptSome(at: number): boolean {
    const until = performance.now() + SLICE_MS;
    while (past.keepSome(at)) if (performance.now() >= until) return true;
    return false;
  }

  return {
    /** Call it often: it does something once an hour, and goes on at the next call while there is more. */
    tick(): void {
      const now = clock();
      if (now < nextAt) return;
      const counts = rules.map(({ forget, ms }) => forget.run(now - ms).changes);
      const isMore = keptSome(now - THREAD_MS) || giveBack(db);
      if (!isMore && counts.every((count) => count < AT_A_TIME)) nextAt = now + EVERY_MS;
    },
  };
}

/** Gives some of the pages back to the disk in which nothing stands any more; whether there are more. */
function giveBack(db: Db): boolean {
  const [free, all] = ['freelist_count', 'page_count'].map((name) =>
    Number(db.pragma(name, { simple: true })),
  );
  if (free! <= Math.max(SPARE.pages, all! * SPARE.parts)) return false;
  db.pragma(`incremental_vacuum(${SPARE.atATime})`);
  return Number(db.pragma('freelist_count', { simple: true })) < free!;
}

export type Pruning = ReturnType<typeof createPruning>;
