import type { Clock } from '../../src/core/time.ts';

/** Keeps to so many calls a second with some at once, for each name apart (a token bucket). */
export function createPace({ perSecond, burst, clock }: { perSecond: number; burst: number; clock: Clock }) {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    /** Takes one; or, where none is left, takes nothing and returns how long until there is one, milliseconds. */
    take(name: string): number {
      const now = clock();
      const { left, at } = buckets.get(name) ?? { left: burst, at: now };
      const refilled = Math.min(burst, left + (Math.max(0, now - at) / 1000) * perSecond);
      const enough = refilled >= 1;
      buckets.set(name, { left: enough ? refilled - 1 : refilled, at: now });
      return enough ? 0 : Math.ceil(((1 - refilled) / perSecond) * 1000);
    },
  };
}
