import { GATEWAY } from './limits.ts';

/** How many sessions may be begun a day (events/gateway: Session Start Limit). */
export interface SessionStarts {
  /** Counts one; false: it was beyond the limit, and the token is reset. */
  count(): boolean;
  /** `session_start_limit` as GET /gateway/bot has it. */
  limit(): { total: number; remaining: number; reset_after: number; max_concurrency: number };
  /** So many a day from now on, of which so many are used. */
  set(total: number, used?: number): void;
}

const DAY = 24 * 3_600_000;

export function createSessionStarts(now: () => number): SessionStarts {
  let total: number = GATEWAY.identifiesADay;
  let used = 0;
  let from = now();
  const roll = () => {
    if (now() - from < DAY) return;
    from = now();
    used = 0;
  };
  return {
    count() {
      roll();
      used += 1;
      return used <= total;
    },
    limit() {
      roll();
      return {
        total,
        remaining: Math.max(0, total - used),
        reset_after: from + DAY - now(),
        max_concurrency: 1,
      };
    },
    set(newTotal, newUsed = 0) {
      total = newTotal;
      used = newUsed;
      from = now();
    },
  };
}
