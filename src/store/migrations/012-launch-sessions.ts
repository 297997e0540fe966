/**
 * The session that a launch and a question are about, whatever is in use by the time they are answered; what
 * is expected of a launch; what a plan said it changes, to tell that from a person's words; and which session the settings
 * named last.
 */
export const LAUNCH_SESSIONS = `
ALTER TABLE launches ADD COLUMN session INTEGER REFERENCES sessions (id);
ALTER TABLE launches ADD COLUMN expected TEXT;
CREATE INDEX launches_open ON launches (queue) WHERE enqueued_at IS NULL AND state <> 'failed';

ALTER TABLE plans ADD COLUMN changes TEXT NOT NULL DEFAULT '';
ALTER TABLE confirmations ADD COLUMN session TEXT;
ALTER TABLE sessions ADD COLUMN named_by_settings INTEGER NOT NULL DEFAULT 0;
`;
