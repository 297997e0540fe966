import type { Clock } from './time.ts';

/** So many at once, and so many a second from then on. */
export interface Pace {
  burst: number;
  perSecond: number;
}

/** Names that are remembered at most before those are forgotten that have all of their burst again. */
const NAMES_KEPT = 1_000;

/** Keeps to a pace, for each name apart (a token bucket). */
export function createPace({ perSecond, burst, clock }: Pace & { clock: Clock }) {
  const buckets = new Map<string, { left: number; at: number }>();
  const leftOf = ({ left, at }: { left: number; at: number }) =>
    Math.min(burst, left + (Math.max(0, clock() - at) / 1000) * perSecond);
  function forgetFull(): void {
    for (const [name, bucket] of buckets) if (leftOf(bucket) >= burst) buckets.delete(name);
  }
  return {
    /** Takes one; or, where none is left, takes nothing and returns how long until there is one, milliseconds. */
    take(name: string): number {
      if (buckets.size >= NAMES_KEPT) forgetFull();
      const left = leftOf(buckets.get(name) ?? { left: burst, at: clock() });
      const isEnough = left >= 1;
      buckets.set(name, { left: isEnough ? left - 1 : left, at: clock() });
      return isEnough ? 0 : Math.ceil(((1 - left) / perSecond) * 1000);
    },
  };
}
