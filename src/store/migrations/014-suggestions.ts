/**
 * What ended runs' resolved settings were, so that their files are not read again; which options somebody meant who put
 * a suggestion off (none: exactly those settings).
 */
export const SUGGESTIONS = `
CREATE TABLE run_settings (
  queue TEXT NOT NULL,
  job_id TEXT NOT NULL,
  enqueued_at REAL NOT NULL,
  settings TEXT NOT NULL,
  PRIMARY KEY (queue, job_id, enqueued_at)
) STRICT;

ALTER TABLE put_off ADD COLUMN about TEXT NOT NULL DEFAULT '[]';
`;
