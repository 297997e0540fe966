/**
 * Threads of the web chat in which nothing has happened for long, many in one compressed text. `first`, `last`: their lowest and highest
 * number; `last_root`: the highest of a message in the channel itself; `last_seq`: of their last change; `persons`: who wrote in them.
 */
export const WEB_PAST = `
CREATE TABLE web_past (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  last_root INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  persons TEXT NOT NULL,
  threads BLOB NOT NULL
) STRICT;
CREATE INDEX web_past_places ON web_past (channel, last_root, first, last, last_seq);
`;
