/** What was pressed, sent or typed, by whom, and what came of it, so that it is done once. */
export const PRESSES = `
CREATE TABLE presses (
  key TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  deed TEXT NOT NULL,
  person TEXT NOT NULL,
  person_name TEXT NOT NULL,
  at INTEGER NOT NULL,
  is_done INTEGER NOT NULL DEFAULT 0,
  outcome TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX presses_by_deed ON presses (deed, at);
CREATE INDEX presses_by_age ON presses (at);

ALTER TABLE actions ADD COLUMN replaces INTEGER NOT NULL DEFAULT 0;
ALTER TABLE confirmations ADD COLUMN question TEXT;
`;
