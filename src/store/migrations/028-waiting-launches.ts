/**
 * Launches that wait for a job's end: what is launched once it has `completed`, and what is launched again in its place
 * (`retry`). `launch`: the one that came of it. `doubtful`: it waited in a backup that was gone back to.
 */
export const WAITING_LAUNCHES = `
CREATE TABLE waiting_launches (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('after', 'retry')),
  queue TEXT NOT NULL,
  job_id TEXT NOT NULL,
  enqueued_at REAL NOT NULL,
  session INTEGER NOT NULL,
  experiment_id TEXT,
  request TEXT NOT NULL,
  person TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  cause TEXT,
  made_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'doubtful', 'launched', 'dropped')),
  launch INTEGER
) STRICT;
CREATE INDEX waiting_launches_open ON waiting_launches (state) WHERE state IN ('waiting', 'doubtful');
CREATE UNIQUE INDEX waiting_launches_launch ON waiting_launches (launch) WHERE launch IS NOT NULL;
CREATE UNIQUE INDEX waiting_launches_retry ON waiting_launches (queue, job_id, enqueued_at) WHERE kind = 'retry';
CREATE UNIQUE INDEX waiting_launches_experiment ON waiting_launches (session, experiment_id)
  WHERE state = 'waiting' AND experiment_id IS NOT NULL;
`;
