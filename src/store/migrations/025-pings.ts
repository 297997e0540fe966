/** What each person is pinged for and when, what they have muted, and failed runs that nobody has looked at yet. */
export const PINGS = `
CREATE TABLE ping_settings (
  person TEXT PRIMARY KEY,
  off TEXT NOT NULL DEFAULT '[]',
  quiet TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE ping_mutes (
  person TEXT NOT NULL,
  job TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (person, job)
) STRICT;

CREATE TABLE unseen_failures (
  job TEXT PRIMARY KEY,
  transition INTEGER NOT NULL,
  remind_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX unseen_failures_by_time ON unseen_failures (remind_at);

CREATE INDEX posts_by_ref ON deliveries (ref) WHERE kind = 'post' AND subject IS NOT NULL;
`;
