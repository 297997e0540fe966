/** How long the web chat waits for whoever is connected, milliseconds. */
export const WEB_TIMINGS = {
  /** For a request's head, and for all of it. */
  headMs: 10_000,
  requestMs: 30_000,
  /** How often that is looked at. */
  lookMs: 5_000,
  /** A connection on which nothing moves for so long is closed; an open stream is never so silent. */
  silentMs: 5 * 60_000,
  /** Proxies and laptops drop a silent connection; a comment now and then keeps it. */
  heartbeatMs: 15_000,
  /** A page that takes nothing for so long has gone without a word. */
  unreadMs: 60_000,
  /** For what was sent last to arrive, before the connection is broken. */
  lastWordMs: 1_000,
};

export type WebTimings = typeof WEB_TIMINGS;
