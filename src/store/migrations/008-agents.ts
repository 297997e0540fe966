/** What agents have proposed, who decided and what came of it; and in the audit, who approved what was done. */
export const AGENTS = `
CREATE TABLE proposals (
  id INTEGER PRIMARY KEY,
  agent TEXT NOT NULL,
  agent_name TEXT NOT NULL,
  adapter TEXT NOT NULL,
  channel TEXT NOT NULL,
  command TEXT NOT NULL,
  options TEXT NOT NULL,
  job TEXT,
  state TEXT NOT NULL DEFAULT 'waiting',
  proposed_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  decided_by TEXT,
  decided_by_name TEXT,
  decided_at INTEGER,
  reason TEXT,
  outcome TEXT,
  result TEXT
) STRICT;
CREATE INDEX proposals_open ON proposals (state) WHERE state IN ('waiting', 'running');

ALTER TABLE audit ADD COLUMN approved_by TEXT;
`;
