/**
 * Ended runs whose values in the log were taken from their event files alone, which need not hold a run's last step:
 * they are recomputed once, and then removed from the list.
 */
export const VALUES_ANEW = `
CREATE TABLE values_anew (
  id INTEGER PRIMARY KEY,
  queue TEXT NOT NULL,
  job_id TEXT NOT NULL,
  enqueued_at REAL NOT NULL
) STRICT;

INSERT INTO values_anew (queue, job_id, enqueued_at)
SELECT queue, job_id, enqueued_at FROM jobs
WHERE started_at IS NOT NULL AND ended_at IS NOT NULL AND removed = 0
ORDER BY ended_at DESC LIMIT 500;
`;
