/** What the queues said: jobs as they stood last, and every change in the order it was seen. */
export const JOBS = `
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  queue TEXT NOT NULL,
  job_id TEXT NOT NULL,
  enqueued_at REAL NOT NULL,
  task_key TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at REAL,
  ended_at REAL,
  body TEXT NOT NULL,
  owner TEXT,
  owner_person TEXT,
  removed INTEGER NOT NULL DEFAULT 0,
  UNIQUE (queue, job_id, enqueued_at)
) STRICT;
CREATE INDEX jobs_by_enqueued ON jobs (queue, enqueued_at DESC);
CREATE INDEX jobs_by_ended ON jobs (queue, ended_at DESC) WHERE ended_at IS NOT NULL;
CREATE INDEX jobs_by_status ON jobs (queue, status, enqueued_at DESC);
CREATE INDEX jobs_by_task ON jobs (queue, task_key, ended_at DESC);

CREATE TABLE transitions (
  id INTEGER PRIMARY KEY,
  job INTEGER NOT NULL REFERENCES jobs (id),
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  rebuilt INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX transitions_by_job ON transitions (job, id);

CREATE TABLE queues (
  name TEXT PRIMARY KEY,
  waiting TEXT NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE launches (
  id INTEGER PRIMARY KEY,
  queue TEXT NOT NULL,
  preset TEXT NOT NULL,
  assignments TEXT NOT NULL,
  person TEXT NOT NULL,
  experiment_id TEXT,
  hypothesis TEXT,
  parent TEXT,
  started_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  job_id TEXT,
  enqueued_at REAL,
  run_dir TEXT
) STRICT;
CREATE INDEX launches_by_job ON launches (queue, job_id);

CREATE TABLE kills (
  id INTEGER PRIMARY KEY,
  job INTEGER NOT NULL REFERENCES jobs (id),
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  signal TEXT
) STRICT;
CREATE INDEX kills_by_job ON kills (job);
`;
