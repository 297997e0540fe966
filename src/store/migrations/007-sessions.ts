/** What a session is after and where it is used; what a planned experiment is to be launched from; what was put off. */
export const SESSIONS = `
ALTER TABLE sessions ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
ALTER TABLE sessions ADD COLUMN closed_at INTEGER;

CREATE TABLE session_channels (
  adapter TEXT NOT NULL,
  channel TEXT NOT NULL,
  session INTEGER NOT NULL REFERENCES sessions (id),
  PRIMARY KEY (adapter, channel)
) STRICT;

CREATE TABLE plans (
  session INTEGER NOT NULL REFERENCES sessions (id),
  experiment_id TEXT NOT NULL,
  preset TEXT NOT NULL,
  assignments TEXT NOT NULL,
  expected TEXT NOT NULL,
  planned_by TEXT NOT NULL,
  planned_at INTEGER NOT NULL,
  PRIMARY KEY (session, experiment_id)
) STRICT;

CREATE TABLE put_off (
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL REFERENCES sessions (id),
  preset TEXT NOT NULL,
  assignments TEXT NOT NULL,
  reason TEXT NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
`;
