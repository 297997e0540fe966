/** How long is waited for Slack, milliseconds. */
export const SLACK_TIMINGS = {
  /** The first pause before a socket that failed is opened anew, and the longest. */
  firstMs: 500,
  longestMs: 30_000,
  /** How long Slack may take to greet a socket. */
  helloMs: 15_000,
  /** A socket that was open for this long is renewed at once when it is lost. */
  steadyMs: 60_000,
  /** How often it is looked whether another process that uses the app is still there. */
  lookMs: 5 * 60_000,
  /** How often it is asked whether a token is accepted again, or scopes were added. */
  askMs: 60_000,
  /** A socket whose pings are not answered for this long has gone silent. */
  pingTimeoutMs: 5_000,
  /** How long Slack may take to make an uploaded image usable, and how often it is asked. */
  readyMs: 10_000,
  readyPollMs: 250,
};

export type SlackTimings = typeof SLACK_TIMINGS;
