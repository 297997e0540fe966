/**
 * By what the file of a session's log is known again while it says exactly what the rows say (`log_digest`; any change of
 * them takes it away), and how large it was when both sides last agreed. Counting rows, telling their order and
 * finding the sessions with runs that go on reads no row.
 */
export const LOG_DIGEST = `
ALTER TABLE sessions ADD COLUMN log_digest TEXT;
ALTER TABLE sessions ADD COLUMN log_bytes INTEGER NOT NULL DEFAULT 0;
DROP INDEX experiments_in_order;
CREATE INDEX experiments_in_order ON experiments (session, position, replaced, experiment_id);
CREATE INDEX experiments_unfinished ON experiments (session)
  WHERE queue IS NOT NULL AND status IN ('queued', 'running');
CREATE TRIGGER log_digest_row_added AFTER INSERT ON experiments BEGIN
  UPDATE sessions SET log_digest = NULL WHERE id = NEW.session AND log_digest IS NOT NULL;
END;
CREATE TRIGGER log_digest_row_changed
AFTER UPDATE OF session, position, fields, extra, line, replaced ON experiments BEGIN
  UPDATE sessions SET log_digest = NULL WHERE id IN (OLD.session, NEW.session) AND log_digest IS NOT NULL;
END;
CREATE TRIGGER log_digest_row_removed AFTER DELETE ON experiments BEGIN
  UPDATE sessions SET log_digest = NULL WHERE id = OLD.session AND log_digest IS NOT NULL;
END;
CREATE TRIGGER log_digest_columns_changed AFTER UPDATE OF extra_columns ON sessions BEGIN
  UPDATE sessions SET log_digest = NULL WHERE id = NEW.id;
END;
`;
