/** How long to wait between attempts at the same thing, milliseconds. */
export interface Backoff {
  firstMs: number;
  longestMs: number;
}

/**
 * The pause after so many failures in a row, milliseconds: the first one after one failure, doubled with each further one
 * up to the longest. What the other side asks for (`retry-after`) stands in its place as it is, be it longer. It is the
 * same each time: one bot speaks to a platform, so that no crowd comes back at once.
 */
export function pauseAfter({ firstMs, longestMs }: Backoff, failures: number, askedMs?: number): number {
  if (askedMs !== undefined && askedMs >= 0) return askedMs;
  return Math.min(longestMs, firstMs * 2 ** Math.max(0, failures - 1));
}
