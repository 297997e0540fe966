/**
 * A card may stand in the thread of another (`within` is that one's subject). A proposal keeps the session that it is
 * for, what its command asks, and what it is about beyond its words.
 */
export const PROPOSALS_IN_PLACE = `
ALTER TABLE deliveries ADD COLUMN within TEXT;

ALTER TABLE proposals ADD COLUMN session TEXT;
ALTER TABLE proposals ADD COLUMN question TEXT;
ALTER TABLE proposals ADD COLUMN details TEXT NOT NULL DEFAULT '[]';
`;
