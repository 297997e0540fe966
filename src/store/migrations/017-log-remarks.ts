/** What was said of a session's log already, and of which copy of its file the states of rows are that were read there. */
export const LOG_REMARKS = `
CREATE TABLE log_remarks (
  session INTEGER NOT NULL REFERENCES sessions (id),
  remark TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (session, remark)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_remarks_by_age ON log_remarks (seen_at);
ALTER TABLE experiments ADD COLUMN base_copy TEXT;
ALTER TABLE experiment_versions ADD COLUMN copy TEXT;
`;
