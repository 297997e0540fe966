/** What cards are about, beside jobs: the queue as a whole, a session, a proposal. Their names begin with these. */
export const BOARD = 'board';
export const SESSION = 'session:';
export const PROPOSAL = 'proposal:';
