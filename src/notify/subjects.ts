/** What cards are about, besides jobs: the queue as a whole, a session, a proposal. Their names start with these. */
export const BOARD = 'board';
export const SESSION = 'session:';
export const PROPOSAL = 'proposal:';
