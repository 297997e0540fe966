/** The number of a proposal that waits for a decision, as an option. */
export const WAITING_PROPOSAL = {
  type: 'integer',
  min: 1,
  proposals: ['waiting'],
  required: true,
  description: "the proposal's number",
} as const;
