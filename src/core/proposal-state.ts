/**
 * What has become of a proposal. `waiting`: nobody has decided. `running`: approved and under way. `done`,
 * `refused`, `failed`: approved, and what came of it. `interrupted`: approved, but the bot ended before it did.
 * `denied` by somebody; `expired`: by nobody's word, which is a denial too.
 */
export const PROPOSAL_STATES = [
  'waiting',
  'running',
  'done',
  'refused',
  'failed',
  'interrupted',
  'denied',
  'expired',
] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];
