/**
 * Whose turn it is, apart from when something failed; in which form a message goes out, and of which message that form is;
 * and where a thread that takes nothing more was moved. Cards that were given up are tried again.
 */
export const DELIVERY_TURNS = `
ALTER TABLE deliveries ADD COLUMN lane INTEGER NOT NULL DEFAULT 1;
ALTER TABLE deliveries ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN form INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN form_of TEXT;
ALTER TABLE deliveries ADD COLUMN closed TEXT;
ALTER TABLE deliveries ADD COLUMN root TEXT;
UPDATE deliveries SET state = 'due', attempts = 0, next_at = 0, error = NULL WHERE kind = 'card' AND state = 'dead';
CREATE INDEX deliveries_waiting ON deliveries (adapter, channel, id) WHERE state IN ('due', 'sending');
`;
