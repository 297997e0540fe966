/**
 * Whose doing it was. A kill keeps each of its signals with its time, how long it gave the job, and whether it is over: one
 * that is not was cut off. Of a transition, `edit` is what somebody asked for here (0: it was done outside; NULL: it is from
 * before this was written down). What a failed job died of is kept with what found it. `next_index` of a queue goes back
 * only when its state was begun anew or put back. What accounts of people outside the settings are called is kept for what
 * they have done.
 */
export const ATTRIBUTION = `
ALTER TABLE kills ADD COLUMN approved_by TEXT;
ALTER TABLE kills ADD COLUMN grace_ms INTEGER NOT NULL DEFAULT 10000;
ALTER TABLE kills ADD COLUMN signals TEXT NOT NULL DEFAULT '[]';
ALTER TABLE kills ADD COLUMN finished_at INTEGER;
ALTER TABLE kills ADD COLUMN has_ended INTEGER NOT NULL DEFAULT 0;
UPDATE kills SET finished_at = at, has_ended = 1, signals = json_array(json_object('signal', signal, 'at', at))
  WHERE signal IS NOT NULL;
UPDATE kills SET finished_at = at WHERE signal IS NULL;
ALTER TABLE kills DROP COLUMN signal;
CREATE INDEX kills_open ON kills (job) WHERE finished_at IS NULL;

CREATE TABLE edits (
  id INTEGER PRIMARY KEY,
  job INTEGER NOT NULL REFERENCES jobs (id),
  action TEXT NOT NULL,
  position INTEGER,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  approved_by TEXT,
  at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX edits_by_job ON edits (job, id);
ALTER TABLE transitions ADD COLUMN edit INTEGER;
CREATE INDEX transitions_by_edit ON transitions (edit) WHERE edit IS NOT NULL;

CREATE TABLE causes (
  job INTEGER PRIMARY KEY REFERENCES jobs (id),
  ended TEXT NOT NULL,
  version TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE account_names (
  platform TEXT NOT NULL,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (platform, account)
) STRICT;

ALTER TABLE queues ADD COLUMN next_index INTEGER;
`;
