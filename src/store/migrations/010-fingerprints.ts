/**
 * What a run was made of: runs with equal settings (but for seeds) and equal code are repeats of one another.
 * `code` NULL: not looked at yet; empty: it has no copy of its code.
 */
export const FINGERPRINTS = `
CREATE TABLE fingerprints (
  queue TEXT NOT NULL,
  job_id TEXT NOT NULL,
  enqueued_at REAL NOT NULL,
  settings TEXT NOT NULL,
  code TEXT,
  PRIMARY KEY (queue, job_id, enqueued_at)
) STRICT;
CREATE INDEX fingerprints_by_settings ON fingerprints (settings);
`;
