import type { DiscordTimings } from './timings.ts';

/** What Discord's adapter runs on. */
export interface DiscordSettings {
  token: string;
  /** Discord's API elsewhere than at discord.com: a proxy, or a test server. */
  apiUrl: string | undefined;
  /** Where slash commands are declared: in each server with a channel of ours, at once, or everywhere, within an hour. */
  commands: 'guild' | 'global';
  timings?: Partial<DiscordTimings>;
}
