import type { KeptValues } from '../../src/core/adapter-ports.ts';
import type { Clock } from '../../src/core/time.ts';

/** Discord counts new sessions (Identify) over a day and, past the limit, resets the token ("Session Start Limit"). */
const DAY_MS = 24 * 3_600_000;
/** This part of a day's sessions is used as they come; the rest is spread over the time that is left. */
const FREE_SHARE = 1 / 4;
/** The name under which it is kept. */
const KEPT = 'identifies';

/** `session_start_limit` of GET /gateway/bot; `reset_after` in milliseconds. */
export interface SessionStartLimit {
  total: number;
  remaining: number;
  reset_after: number;
}

interface Spent {
  /** When a session was begun, within a day (epoch ms). */
  at: number[];
  /** When this was first looked at: before, somebody else may have begun one. */
  since: number;
  /** When Discord begins to count anew, as far as it said. */
  resetAt?: number;
}

/**
 * How many sessions may still be begun. Ours are counted here too and outlive the process, so that one that ends again
 * and again does not use up what Discord allows: past a quarter of it each further session waits, the longer the fewer
 * are left, and what is left is never used up.
 */
export function createIdentifyBudget({ kept, clock }: { kept: KeptValues; clock: Clock }) {
  function spent(): Spent {
    const now = clock();
    const { at, since, resetAt } = (kept.get(KEPT) ?? { at: [], since: now }) as Spent;
    const from = resetAt !== undefined && resetAt <= now ? resetAt : now - DAY_MS;
    const counted = at.filter((each) => each > from && each <= now);
    return { at: counted, since, ...(resetAt !== undefined && resetAt > now ? { resetAt } : {}) };
  }

  return {
    /** How long to wait before the next session may be begun, milliseconds; 0: not at all. */
    waitMs({ total, remaining, reset_after }: SessionStartLimit): number {
      const now = clock();
      const mine = spent();
      kept.set(KEPT, { ...mine, ...(remaining < total ? { resetAt: now + reset_after } : {}) });
      const { at, since } = mine;
      const used = Math.max(total - remaining, at.length);
      const left = Math.max(0, total - used);
      if (left > 0 && used < total * FREE_SHARE) return 0;
      const countedBy = used === total - remaining ? now + reset_after : (at[0] ?? since) + DAY_MS;
      const next = left > 0 ? (at.at(-1) ?? since) + DAY_MS / left : countedBy;
      return Math.max(0, Math.min(next, countedBy) - now);
    },
    /** A session is begun now. */
    spend(): void {
      const mine = spent();
      kept.set(KEPT, { ...mine, at: [...mine.at, clock()] });
    },
  };
}

export type IdentifyBudget = ReturnType<typeof createIdentifyBudget>;
