/** Runs that no queue started, and that are followed in their folders. Times are epoch seconds. */
export const FOLLOWED_RUNS = `
CREATE TABLE followed_runs (
  number INTEGER PRIMARY KEY,
  folder TEXT NOT NULL,
  task TEXT NOT NULL,
  pid INTEGER,
  process_started_at REAL,
  followed_at REAL NOT NULL,
  started_at REAL NOT NULL,
  silent_ms INTEGER NOT NULL,
  ended_at REAL,
  seen_by TEXT,
  because TEXT
) STRICT;
`;
