import type { Clock } from '../../src/core/time.ts';

/** How long a socket that was let go may still be counted by Slack, milliseconds. */
const COUNTED_AFTER_CLOSE_MS = 90_000;

/**
 * How many sockets of other processes Slack counts for the app. Each hello says how many there are in all; ours are known
 * but for those that were just closed or are being opened, which may be counted or not. What is known of the others
 * stays as it is where such a number may mean the same.
 */
export function createOthers(clock: Clock) {
  const closedAt: number[] = [];
  let others = 0;
  let since = 0;

  function recentlyClosed(): number {
    while (closedAt[0] !== undefined && closedAt[0] <= clock() - COUNTED_AFTER_CLOSE_MS) closedAt.shift();
    return closedAt.length;
  }

  return {
    /** One of ours was closed. */
    closed: () => void closedAt.push(clock()),
    /** Slack counts so many sockets, of which so many are surely ours, and so many more may be. Returns the others. */
    counted(all: number, ours: number, opening: number): number {
      const least = Math.max(0, all - ours - opening - recentlyClosed());
      const most = Math.max(0, all - ours);
      const before = others;
      others = Math.min(Math.max(others, least), most);
      if (before === 0 && others > 0) since = clock();
      return others;
    },
    /** Whether the next hello says it exactly. */
    isClear: () => recentlyClosed() === 0,
    state: () => ({ others, since }),
  };
}
