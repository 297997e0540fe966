/** A value that is none of people's words: of an option that was checked when it was given, a number, or a known name. */
const KEPT = `key IN ('job', 'jobs', 'action') OR (value GLOB '*[0-9]*' AND value NOT GLOB '*[^0-9.eE+-]*' AND length(value) <= 40)
  OR EXISTS (SELECT 1 FROM experiments WHERE experiment_id = value) OR EXISTS (SELECT 1 FROM launches WHERE preset = value)`;

/**
 * The audit as a list that only grows: what was asked for, and what came of it as an entry of its own. Of people's words only the
 * length is left in it. Triggers hold it so for whatever program writes to the database.
 */
export const AUDIT = `
ALTER TABLE audit RENAME TO audit_before;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  attempt INTEGER REFERENCES audit (id),
  person TEXT,
  adapter TEXT,
  channel TEXT,
  command TEXT,
  jobs TEXT,
  options TEXT NOT NULL DEFAULT '{}',
  approved_by TEXT,
  detail TEXT,
  times INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX audit_by_attempt ON audit (attempt) WHERE attempt IS NOT NULL;
CREATE INDEX audit_by_person ON audit (person, id);

WITH told AS (
  SELECT id, at, 0 AS is_outcome FROM audit_before
  UNION ALL
  SELECT id, coalesce(finished_at, at), 1 FROM audit_before WHERE outcome <> 'begun'
), numbered AS (
  SELECT id, at, is_outcome, row_number() OVER (ORDER BY at, id, is_outcome) AS number FROM told
)
INSERT INTO audit (id, at, event, attempt, person, adapter, channel, command, options, approved_by)
SELECT n.number, n.at,
  CASE WHEN n.is_outcome = 0 THEN 'begun' WHEN b.outcome IN ('done', 'refused') THEN b.outcome ELSE 'failed' END,
  CASE n.is_outcome WHEN 1 THEN (SELECT m.number FROM numbered m WHERE m.id = n.id AND m.is_outcome = 0) END,
  CASE n.is_outcome WHEN 0 THEN b.person END,
  CASE n.is_outcome WHEN 0 THEN b.adapter END,
  CASE n.is_outcome WHEN 0 THEN b.channel END,
  CASE n.is_outcome WHEN 0 THEN b.command END,
  CASE
    WHEN n.is_outcome = 1 THEN '{}'
    WHEN json_valid(b.options) THEN (
      SELECT json_group_object(key, json(CASE WHEN ${KEPT} THEN json_quote(value) ELSE json_object('length', length(value)) END))
      FROM (SELECT key, value FROM json_each(b.options, '$.named') UNION ALL SELECT key, value FROM json_each(b.options, '$.assignments'))
    )
    ELSE json_object('other', json_object('length', length(b.options)))
  END,
  CASE n.is_outcome WHEN 0 THEN b.approved_by END
FROM numbered n JOIN audit_before b ON b.id = n.id
ORDER BY n.number;
DROP TABLE audit_before;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
-- A row that replaces another fires no trigger of a deletion. Before an insertion, an id that is not given is -1.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
  WHEN (NEW.id <> -1 AND NEW.id <= (SELECT max(id) FROM audit)) OR EXISTS (SELECT 1 FROM audit WHERE attempt = NEW.attempt) BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_is_appended_to AFTER INSERT ON audit WHEN NEW.id < (SELECT max(id) FROM audit) BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
`;
