import type { SlackTimings } from './timings.ts';

/** How fast Slack may be talked to: messages a second in a channel, and edits a minute in all. */
export interface Pace {
  postsPerSecond: number;
  updatesPerMinute: number;
}

/** What Slack's adapter runs on. */
export interface SlackSettings {
  botToken: string;
  appToken: string;
  /** Slack's API elsewhere than at slack.com: GovSlack, or a test server. */
  apiUrl: string | undefined;
  /** How fast it may be called; by default Slack's own limits. */
  pace?: Pace;
  timings?: Partial<SlackTimings>;
}
