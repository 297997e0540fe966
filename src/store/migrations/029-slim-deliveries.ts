/** A message's place as its delivery keeps it: the id alone where it stands in the delivery's own channel. */
const short = (column: string) =>
  `CASE WHEN json_extract(${column}, '$.channel') = channel AND json_extract(${column}, '$.id') NOT LIKE '{%'
     THEN json_extract(${column}, '$.id') ELSE ${column} END`;
const HASH_LENGTH = 22;

/**
 * Deliveries that take a third of the room. A card is known by its subject and its place, and has no key beside them; of a post
 * that was said, what it said is not kept. In card_messages stand those messages alone that no delivery of a card names.
 */
export const SLIM_DELIVERIES = `
ALTER TABLE deliveries RENAME TO deliveries_before;
ALTER TABLE card_messages RENAME TO card_messages_before;

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT,
  adapter TEXT NOT NULL,
  channel TEXT NOT NULL,
  subject TEXT,
  within TEXT,
  body TEXT,
  wanted INTEGER NOT NULL DEFAULT 1,
  delivered INTEGER NOT NULL DEFAULT 0,
  delivered_hash TEXT,
  ref TEXT,
  thread TEXT,
  root TEXT,
  closed TEXT,
  state TEXT NOT NULL DEFAULT 'due',
  lane INTEGER NOT NULL DEFAULT 1,
  form INTEGER NOT NULL DEFAULT 0,
  form_of TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  next_at INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  also_in_channel INTEGER NOT NULL DEFAULT 0,
  replaced INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
INSERT INTO deliveries
  SELECT id, kind, CASE kind WHEN 'card' THEN NULL ELSE key END, adapter, channel, subject, within,
    CASE state WHEN 'done' THEN NULL ELSE body END, wanted, delivered,
    CASE kind WHEN 'card' THEN substr(delivered_hash, 1, ${HASH_LENGTH}) END,
    ${short('ref')}, ${short('thread')}, ${short('root')}, closed, state, lane, form, substr(form_of, 1, ${HASH_LENGTH}),
    attempts, error, next_at, not_before, also_in_channel, replaced, created_at
  FROM deliveries_before ORDER BY id;
DROP TABLE deliveries_before;
CREATE UNIQUE INDEX deliveries_cards ON deliveries (subject, adapter, channel) WHERE kind = 'card';
CREATE UNIQUE INDEX deliveries_posts ON deliveries (key) WHERE key IS NOT NULL;
CREATE INDEX deliveries_waiting ON deliveries (adapter, channel, id) WHERE state IN ('due', 'sending');
CREATE INDEX deliveries_by_ref ON deliveries (ref) WHERE ref IS NOT NULL;
CREATE INDEX deliveries_in_trouble ON deliveries (adapter) WHERE error IS NOT NULL;
CREATE INDEX deliveries_said ON deliveries (created_at) WHERE kind = 'post' AND state IN ('done', 'dead', 'left');

CREATE TABLE card_messages (
  adapter TEXT NOT NULL,
  ref TEXT NOT NULL,
  subject TEXT NOT NULL,
  PRIMARY KEY (adapter, ref)
) STRICT, WITHOUT ROWID;
INSERT INTO card_messages
  SELECT adapter, ref, subject FROM card_messages_before b
  WHERE NOT EXISTS (
    SELECT 1 FROM deliveries d WHERE d.kind = 'card' AND d.adapter = b.adapter AND d.subject = b.subject
      AND CASE WHEN d.ref LIKE '{%' THEN d.ref ELSE json_object('channel', d.channel, 'id', d.ref) END = b.ref
  );
DROP TABLE card_messages_before;
`;
