/** What somebody is pinged for, and what it is called: ends of their own runs, and what waits for them. */
export const PINGS = {
  ended: 'a run of yours completed, or somebody else cancelled it',
  failed: 'a run of yours failed',
  watch: 'a watch found something in a run of yours',
  approvals: 'an agent waits for your decision',
  questions: 'what you expect of a run that you started from a shell',
  reminders: 'a failed run of yours that nobody has looked at',
} as const;
export type PingKind = keyof typeof PINGS;
export const PING_KINDS = Object.keys(PINGS) as PingKind[];

/** Why a mention pings: what for, and the job that it is about, as `jobKeyText` writes it. */
export interface Ping {
  kind: PingKind;
  job?: string;
}
