/** How long is waited for Discord, milliseconds. */
export const DISCORD_TIMINGS = {
  /** Pauses before a connection that was lost is opened anew: the first, and the longest. */
  firstMs: 500,
  longestMs: 30_000,
  /** A connection that was up for this long begins with the first pause again. */
  steadyMs: 60_000,
  /** How long a connection may take until it is ready, and until it is closed. */
  connectMs: 30_000,
  /** How long the first one may take until the channels of all servers are known. */
  readyMs: 60_000,
  /** How long an opened adapter waits for its commands to be declared, before it goes on without. */
  declareWaitMs: 2_000,
  /** Pauses before commands that could not be declared are declared anew: the first, and the longest. */
  declareFirstMs: 60_000,
  declareLongestMs: 3_600_000,
};

export type DiscordTimings = typeof DISCORD_TIMINGS;
