/** The web chat: its messages, and who may enter. Only hashes of tokens are kept. */
export const WEB = `
CREATE TABLE web_messages (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL UNIQUE,
  key TEXT UNIQUE,
  channel TEXT NOT NULL,
  thread INTEGER REFERENCES web_messages (id),
  person TEXT,
  person_name TEXT,
  body TEXT NOT NULL,
  replies INTEGER NOT NULL DEFAULT 0,
  last_reply_at INTEGER,
  created_at INTEGER NOT NULL,
  edited_at INTEGER
) STRICT;
CREATE INDEX web_messages_timeline ON web_messages (channel, id) WHERE thread IS NULL;
CREATE INDEX web_messages_thread ON web_messages (thread, id) WHERE thread IS NOT NULL;

CREATE TABLE web_links (
  token_hash TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE web_sessions (
  token_hash TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
`;
