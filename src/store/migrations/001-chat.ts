/** What is to be said where, who asked for what, and questions that wait for a yes. */
export const CHAT = `
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  adapter TEXT NOT NULL,
  channel TEXT NOT NULL,
  subject TEXT,
  body TEXT,
  wanted INTEGER NOT NULL DEFAULT 1,
  delivered INTEGER NOT NULL DEFAULT 0,
  delivered_hash TEXT,
  ref TEXT,
  thread TEXT,
  state TEXT NOT NULL DEFAULT 'due',
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX deliveries_due ON deliveries (adapter, next_at, id) WHERE state <> 'done' AND state <> 'dead';
CREATE INDEX deliveries_by_subject ON deliveries (subject, adapter, channel);
CREATE INDEX deliveries_by_ref ON deliveries (ref) WHERE ref IS NOT NULL;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  person TEXT NOT NULL,
  adapter TEXT NOT NULL,
  channel TEXT NOT NULL,
  command TEXT NOT NULL,
  options TEXT NOT NULL,
  outcome TEXT NOT NULL,
  finished_at INTEGER
) STRICT;

CREATE TABLE confirmations (
  token_hash TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  adapter TEXT NOT NULL,
  channel TEXT NOT NULL,
  command TEXT NOT NULL,
  options TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
`;
