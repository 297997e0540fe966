/** What running jobs are watched for: rules from chat, who does not want to hear of which, and what fired when. */
export const WATCHES = `
CREATE TABLE watch_rules (
  name TEXT PRIMARY KEY,
  rule TEXT NOT NULL,
  added_by TEXT NOT NULL,
  added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE watch_mutes (
  rule TEXT NOT NULL,
  job TEXT NOT NULL,
  until INTEGER NOT NULL,
  muted_by TEXT NOT NULL,
  PRIMARY KEY (rule, job)
) STRICT;

CREATE TABLE watch_episodes (
  id INTEGER PRIMARY KEY,
  rule TEXT NOT NULL,
  job TEXT NOT NULL,
  since INTEGER NOT NULL,
  over_at INTEGER,
  words TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX watch_episodes_open ON watch_episodes (rule, job) WHERE over_at IS NULL;
`;
