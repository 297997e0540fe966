/**
 * Who is signed in to the web chat: a browser's public key each, instead of tokens that work for whoever holds them. Entry links
 * are kept in memory by the bot that made them.
 */
export const WEB_LOGINS = `
DROP TABLE web_links;
DROP TABLE web_sessions;

CREATE TABLE web_logins (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  public_key TEXT NOT NULL,
  browser TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
