/** The experiment log: sessions, their rows, what both sides of the file agreed on last and before, and notes. */
export const EXPERIMENTS = `
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  folder TEXT NOT NULL UNIQUE,
  extra_columns TEXT NOT NULL DEFAULT '[]',
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT;

CREATE TABLE experiments (
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL REFERENCES sessions (id),
  experiment_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  status TEXT NOT NULL,
  queue TEXT,
  job_id TEXT,
  enqueued_at REAL,
  queue_job_id TEXT NOT NULL,
  objective_metric TEXT NOT NULL,
  objective_value REAL,
  fields TEXT NOT NULL,
  extra TEXT NOT NULL DEFAULT '{}',
  line TEXT NOT NULL,
  base TEXT,
  replaced INTEGER NOT NULL DEFAULT 0,
  UNIQUE (session, experiment_id)
) STRICT;
CREATE UNIQUE INDEX experiments_by_job ON experiments (queue, job_id, enqueued_at) WHERE queue IS NOT NULL;
CREATE INDEX experiments_by_job_id ON experiments (session, queue_job_id);
CREATE INDEX experiments_by_objective ON experiments (session, objective_metric, objective_value)
  WHERE objective_value IS NOT NULL;
CREATE INDEX experiments_in_order ON experiments (session, position);

CREATE TABLE experiment_versions (
  experiment INTEGER NOT NULL REFERENCES experiments (id),
  fields TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  superseded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX experiment_versions_by_row ON experiment_versions (experiment, superseded_at);
CREATE INDEX experiment_versions_by_age ON experiment_versions (superseded_at);

CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  queue TEXT NOT NULL,
  job_id TEXT NOT NULL,
  enqueued_at REAL NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_by_job ON notes (queue, job_id, enqueued_at);
`;
