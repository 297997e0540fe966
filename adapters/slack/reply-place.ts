/** Where an answer goes. */
export interface ReplyPlace {
  user: string;
  /** null: there is no channel, only the asker (the Home tab). */
  channel: string | null;
  /** The thread for an answer to everybody. */
  thread: string | undefined;
  /** The asker stands in that thread, so that an answer to them alone belongs there too. */
  isInThread: boolean;
  /** They speak with the bot alone, so that nothing needs to be hidden. */
  isDirect: boolean;
  /** Slack's own way to answer, which works in channels that the bot is not in; good for thirty minutes. */
  responseUrl: string | undefined;
  /** Who asked for what, to stand above a public answer. */
  asked: string;
}
