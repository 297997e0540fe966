/** What adapters to chat platforms need: who is who there, who wants to hear what, buttons, uploads, and notes' sources. */
export const PLATFORMS = `
CREATE TABLE identities (
  platform TEXT NOT NULL,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  person TEXT NOT NULL,
  linked_at INTEGER NOT NULL,
  PRIMARY KEY (platform, account)
) STRICT;
CREATE INDEX identities_by_person ON identities (person, platform);

CREATE TABLE link_codes (
  code_hash TEXT PRIMARY KEY,
  first TEXT NOT NULL,
  second TEXT,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE subscriptions (
  person TEXT NOT NULL,
  adapter TEXT NOT NULL,
  channel TEXT NOT NULL,
  job TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (person, adapter, job)
) STRICT;
CREATE INDEX subscriptions_by_job ON subscriptions (job);

CREATE TABLE actions (
  id TEXT PRIMARY KEY,
  command TEXT NOT NULL,
  options TEXT NOT NULL,
  form INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT;

CREATE TABLE uploads (
  adapter TEXT NOT NULL,
  file TEXT NOT NULL,
  message TEXT NOT NULL,
  remote TEXT NOT NULL,
  PRIMARY KEY (adapter, message, file)
) STRICT;

CREATE TABLE card_messages (
  adapter TEXT NOT NULL,
  ref TEXT NOT NULL,
  subject TEXT NOT NULL,
  PRIMARY KEY (adapter, ref)
) STRICT;
INSERT OR IGNORE INTO card_messages (adapter, ref, subject)
  SELECT adapter, ref, subject FROM deliveries WHERE kind = 'card' AND ref IS NOT NULL;
INSERT OR IGNORE INTO card_messages (adapter, ref, subject)
  SELECT adapter, thread, subject FROM deliveries WHERE kind = 'card' AND thread IS NOT NULL;

ALTER TABLE deliveries ADD COLUMN also_in_channel INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;

ALTER TABLE notes ADD COLUMN person TEXT;
ALTER TABLE notes ADD COLUMN link TEXT NOT NULL DEFAULT '';
ALTER TABLE notes ADD COLUMN source TEXT;
ALTER TABLE notes ADD COLUMN state TEXT NOT NULL DEFAULT 'kept';
CREATE UNIQUE INDEX notes_by_source ON notes (source);
`;
